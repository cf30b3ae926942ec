#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "device/memory.hpp"
#include "ptx/launch.hpp"
#include "ptx/program.hpp"

namespace emulator {

constexpr int kWarp = 32;

// Generic addresses carry the space in their upper bits; global memory lies below (Memory starts at 1 << 48).
constexpr std::uint64_t kSharedWindow = std::uint64_t{2} << 48;
constexpr std::uint64_t kLocalWindow = std::uint64_t{3} << 48;
constexpr std::uint64_t kParamWindow = std::uint64_t{4} << 48;
/** In the .param space, addresses from here on are slots of calls, which live in local memory. */
constexpr std::uint64_t kSlots = std::uint64_t{1} << 32;

/** What the warps of a launch share. */
struct LaunchState {
  const Kernel* kernel = nullptr;
  const Program* program = nullptr;
  Memory* memory = nullptr;
  const std::byte* parameters = nullptr;
  Options options;
  Extent grid;
  Extent block;
  std::size_t sharedBytes = 0;
  std::size_t dynamicShared = 0;
  std::uint64_t random = 1;
  std::uint32_t interval = 0;  // at the start of the launch
  std::vector<Block*> caches;  // the memory block each instruction touched last
  Statistics statistics;

  /** The next number of the launch's own sequence (splitmix64). */
  std::uint64_t draw() {
    random += 0x9E3779B97F4A7C15U;
    std::uint64_t z = random;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
};

/** What the warps of a block share. */
struct BlockState {
  Block shared;  // at address 0 of the .shared space
  std::uint32_t start = 0;     // first interval of the block
  std::uint32_t interval = 0;  // now
  Extent index;
  std::uint32_t threads = 0;
  std::uint32_t arrived = 0;  // threads for which the predicate of a bar.red holds
};

/** 32 threads: their registers and where each of them is. */
struct Warp {
  enum class State { kReady, kAtBarrier, kDone };
  struct Group {
    std::int32_t pc;
    Lanes lanes;
    bool waiting;  // for other lanes to arrive at the same instruction
  };

  LaunchState* launch = nullptr;
  BlockState* block = nullptr;
  const std::byte* constants = nullptr;
  std::byte* registers = nullptr;
  Lanes* predicates = nullptr;
  std::byte* local = nullptr;          // kernel.localBytes of lane 0, then of lane 1, ...
  std::uint8_t* localWritten = nullptr;
  Lanes carry = 0;                     // CC.CF of each lane
  Lanes all = 0;                       // lanes that exist
  Lanes alive = 0;                     // lanes that have not exited
  Lanes active = 0;                    // lanes at pc
  std::int32_t pc = 0;
  std::uint32_t first = 0;             // thread of lane 0
  std::uint32_t sync = 0;              // warp-level synchronisations so far
  std::int32_t meet = INT32_MAX;       // the instruction at which other lanes may be met
  std::uint32_t barrier = 0;           // which barrier it waits at
  State state = State::kReady;
  std::uint64_t issued = 0;
  std::vector<Group> others;           // the lanes that are elsewhere

  template <class T>
  const T* in(std::int32_t row) const {
    const std::byte* base = row >= 0 ? registers + row : constants + ~row;
    return reinterpret_cast<const T*>(base);
  }

  template <class T>
  T* out(std::int32_t row) {
    return reinterpret_cast<T*>(registers + row);
  }

  /** Writes a row where the lanes are. */
  template <class T>
  void put(std::int32_t row, const T (&values)[kWarp], Lanes lanes) {
    T* to = out<T>(row);
    if (lanes == kAllLanes) {
      std::memcpy(to, values, sizeof(values));
      return;
    }
    for (int i = 0; i < kWarp; i++) {
      to[i] = (lanes >> i & 1) != 0 ? values[i] : to[i];
    }
  }

  /** Who a lane is to the shadow of global memory or of shared memory, which begins anew with each block. */
  Accessor accessor(int lane, bool atomic, bool shared) const {
    const std::uint32_t thread = first + static_cast<std::uint32_t>(lane);
    return {shared ? block->start : launch->interval, block->start, block->interval, thread, sync, atomic};
  }
};

/** A fault of one lane, without the place, which the scheduler adds. */
struct LaneFault {
  int code;
  int lane;
  std::string text;
};

/** Calls f(lane) for each lane of the set, from the lowest. */
template <class F>
void eachLane(Lanes lanes, F f) {
  for (; lanes != 0; lanes &= lanes - 1) {
    f(std::countr_zero(lanes));
  }
}

}  // namespace emulator
