#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace emulator {

struct Warp;

/** A set of lanes of a warp, lane 0 in the lowest bit; also the value of a predicate register. */
using Lanes = std::uint32_t;
constexpr Lanes kAllLanes = 0xFFFFFFFF;

/**
 * A decoded instruction. Operands are rows: byte offsets of 32 lanes' values in the warp's registers; negative numbers are the
 * complements of offsets among the constants of the program. Predicate operands are indices.
 */
struct Op {
  using Run = void (*)(Warp&, const Op&, Lanes);
  enum class Kind : std::uint8_t {
    kCompute,   // run, then the next instruction
    kConverge,  // as kCompute, once all lanes of the member mask in e are here (shfl.sync and its like)
    kBranch,    // to target
    kTable,     // to targets[target + row a]
    kExit,
    kBarrier,  // waits for all threads of the block; run, if any, collects a reduction
  };

  Run run = nullptr;
  Run inner = nullptr;  // what a wrapper (directed rounding) runs
  std::int64_t imm = 0;
  std::int32_t d = 0;
  std::int32_t a = 0;
  std::int32_t b = 0;
  std::int32_t c = 0;
  std::int32_t e = 0;
  std::int32_t guard = -1;  // predicate register, or -1
  std::int32_t target = 0;
  std::int32_t line = 0;
  Kind kind = Kind::kCompute;
  bool guardNegated = false;
  std::uint8_t n = 0;        // count of elements, comparison, mode: as the instruction needs
  std::uint8_t flags = 0;
  std::uint8_t pWidth = 8;   // bytes of an address register
  bool negated = false;      // of a predicate operand
  std::int16_t p = -1;       // predicate operands
  std::int16_t q = -1;
  std::uint32_t cache = 0;   // which remembered memory block
};

/** A special register that a program reads: filled in when a warp starts. */
struct Special {
  enum class Kind {
    kTidX, kTidY, kTidZ, kNtidX, kNtidY, kNtidZ, kCtaidX, kCtaidY, kCtaidZ, kNctaidX, kNctaidY, kNctaidZ,
    kLaneid, kWarpid, kNwarpid, kLaneEq, kLaneLe, kLaneLt, kLaneGe, kLaneGt, kSmid, kNsmid, kDynamicShared, kTotalShared,
  };
  Kind kind;
  std::int32_t row;
};

struct Program {
  struct alignas(64) Line {
    std::byte bytes[64];
  };

  std::vector<Op> ops;
  std::vector<std::string> texts;  // opcode of each op, for messages
  std::vector<std::int32_t> targets;
  std::vector<Line> constants;
  std::vector<Special> specials;
  std::size_t rowBytes = 0;
  std::size_t predicates = 0;
  std::size_t caches = 0;
  std::size_t dynamicStart = 0;  // where dynamic shared memory begins
};

}  // namespace emulator
