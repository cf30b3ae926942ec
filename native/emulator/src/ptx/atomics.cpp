// atom and red, PTX ISA 9.7.13: lane by lane, beginning at a lane drawn by the seed, so that no order can be relied on.

#include <algorithm>
#include <cstring>

#include "ptx/access.hpp"
#include "ptx/decoder.hpp"
#include "ptx/lanes.hpp"
#include "ptx/numbers.hpp"

namespace emulator::ptx {
namespace {

enum Kind : std::uint8_t { kAdd, kMin, kMax, kAnd, kOr, kXor, kExch, kCas, kInc, kDec };

template <class T>
T addOf(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) + static_cast<std::make_unsigned_t<T>>(b));
  } else {
    return canonical(a + b);
  }
}

template <class T>
T apply(Kind kind, T old, T b, T c) {
  if constexpr (std::is_integral_v<T>) {
    switch (kind) {
      case kMin: return std::min(old, b);
      case kMax: return std::max(old, b);
      case kAnd: return old & b;
      case kOr: return old | b;
      case kXor: return old ^ b;
      case kExch: return b;
      case kCas: return old == b ? c : old;
      case kInc: return old >= b ? T{0} : static_cast<T>(old + 1);
      case kDec: return old == 0 || old > b ? b : static_cast<T>(old - 1);
      default: break;
    }
  }
  return addOf(old, b);
}

/** f16 and bf16 additions, one or two in a word. */
template <bool Brain, class Word>
struct HalfWord {
  Word bits;
};

template <bool Brain, class Word>
HalfWord<Brain, Word> apply(Kind, HalfWord<Brain, Word> old, HalfWord<Brain, Word> b, HalfWord<Brain, Word>) {
  constexpr Format kFormat = Brain ? kBrain : kHalf;
  Word result = 0;
  for (unsigned shift = 0; shift < 8 * sizeof(Word); shift += 16) {
    const double sum = addToOdd(widen(static_cast<std::uint16_t>(old.bits >> shift), kFormat),
                                widen(static_cast<std::uint16_t>(b.bits >> shift), kFormat));
    result = static_cast<Word>(result | static_cast<Word>(narrow(sum, kFormat, Rounding::kNearest)) << shift);
  }
  return {result};
}

/** op.p is 1 if the old value is wanted, op.q is 1 if c is read. */
template <class T>
void atomic(Warp& warp, const Op& op, Lanes lanes) {
  std::uint64_t at[kWarp];
  addresses(warp, op, at);
  const T* b = warp.in<T>(op.b);
  const T* c = op.q == 1 ? warp.in<T>(op.c) : b;
  const auto where = static_cast<Where>(op.flags);
  LaunchState& launch = *warp.launch;
  launch.statistics.atomics += static_cast<unsigned>(std::popcount(lanes));
  const int start = launch.options.seed == 0 ? 0 : static_cast<int>(launch.draw() % kWarp);
  T old[kWarp];
  for (int k = 0; k < kWarp; k++) {
    const int i = (start + k) % kWarp;
    if ((lanes >> i & 1) == 0) {
      continue;
    }
    std::byte* place = reach(warp, op, where, at[i], sizeof(T), Touch::kBoth, true, i);
    std::memcpy(&old[i], place, sizeof(T));
    const T next = apply(static_cast<Kind>(op.n), old[i], b[i], c[i]);
    std::memcpy(place, &next, sizeof(T));
  }
  if (op.p == 1) {
    T* d = warp.out<T>(op.d);
    eachLane(lanes, [&](int i) { d[i] = old[i]; });
  }
}

Op::Run chosen(Instruction& instruction, Kind kind, Type type) {
  const bool bits = kind == kAnd || kind == kOr || kind == kXor || kind == kExch || kind == kCas;
  if (bits != isBits(type) || ((kind == kInc || kind == kDec) && type != Type::kU32) || (isReal(type) && kind != kAdd)) {
    instruction.refuse("a type that the operation does not have");
  }
  switch (type) {
    case Type::kB16: return atomic<std::uint16_t>;
    case Type::kB32: case Type::kU32: return atomic<std::uint32_t>;
    case Type::kB64: case Type::kU64: return atomic<std::uint64_t>;
    case Type::kS32: return atomic<std::int32_t>;
    case Type::kS64: return atomic<std::int64_t>;
    case Type::kF32: return atomic<float>;
    case Type::kF64: return atomic<double>;
    case Type::kF16: return atomic<HalfWord<false, std::uint16_t>>;
    case Type::kF16x2: return atomic<HalfWord<false, std::uint32_t>>;
    case Type::kBf16: return atomic<HalfWord<true, std::uint16_t>>;
    case Type::kBf16x2: return atomic<HalfWord<true, std::uint32_t>>;
    default: instruction.refuse("a type that the instruction does not have");
  }
}

void decodeAtomic(Instruction& instruction, Op& op) {
  const bool returns = instruction.base() == "atom";
  const Where where = takeWhere(instruction);
  if (where == Where::kParam || where == Where::kLocal) {
    instruction.refuse("a space that the instruction does not have");
  }
  instruction.takeOne({"relaxed", "acquire", "release", "acq_rel"});
  instruction.takeOne({"cta", "gpu", "sys", "cluster"});
  const int kind = instruction.takeOne({"add", "min", "max", "and", "or", "xor", "exch", "cas", "inc", "dec"});
  if (kind < 0) {
    instruction.refuse("needs an operation");
  }
  const bool noFlush = instruction.take("noftz");
  const Type type = instruction.takeType();
  if (noFlush != (isReal(type) && type != Type::kF32 && type != Type::kF64)) {
    instruction.refuse(".noftz belongs to the half types, and they need it");
  }
  op.run = chosen(instruction, static_cast<Kind>(kind), type);
  const std::size_t first = returns ? 1 : 0;
  const std::size_t operands = first + (kind == kCas ? 3 : 2);
  instruction.expectOperands(operands, operands);
  instruction.address(first, op);
  op.b = instruction.source(first + 1, type);
  op.p = returns ? 1 : 0;
  op.q = kind == kCas ? 1 : 0;
  op.c = kind == kCas ? instruction.source(first + 2, type) : 0;
  op.d = returns ? instruction.target(0, type) : 0;
  op.n = static_cast<std::uint8_t>(kind);
  op.flags = static_cast<std::uint8_t>(where);
  op.cache = instruction.decoder().newCache();
}

}  // namespace

void addAtomics(OpcodeTable& table) {
  table["atom"] = decodeAtomic;
  table["red"] = decodeAtomic;
}

}  // namespace emulator::ptx
