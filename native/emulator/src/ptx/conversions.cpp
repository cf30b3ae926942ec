// cvt, PTX ISA 9.7.9.21 (cvt): every integer and floating type to every other, each with its rounding and saturation.

#include <cfenv>
#include <cmath>
#include <limits>

#include "ptx/lanes.hpp"
#include "ptx/numbers.hpp"

namespace emulator::ptx {
namespace {

enum ConvertFlags : std::uint8_t { kFtz = 1, kSat = 2, kRelu = 4, kSatFinite = 8 };

/** Runs f with the rounding mode of the floating-point unit. */
template <class F>
void withMode(Rounding rounding, F f) {
  constexpr int kModes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD, FE_TONEAREST};
  if (rounding == Rounding::kNearest) {
    f();
    return;
  }
  std::fesetround(kModes[static_cast<int>(rounding)]);
  f();
  std::fesetround(FE_TONEAREST);
}

double toIntegral(double a, Rounding rounding) {
  switch (rounding) {
    case Rounding::kNearest: return std::nearbyint(a);
    case Rounding::kZero: return std::trunc(a);
    case Rounding::kDown: return std::floor(a);
    default: return std::ceil(a);
  }
}

// ---- integer to integer

template <class D, class S>
D clampTo(S a) {
  if constexpr (std::is_signed_v<S>) {
    if (a < 0) {
      const std::int64_t least = std::is_signed_v<D> ? std::int64_t{std::numeric_limits<D>::min()} : 0;
      return a < least ? static_cast<D>(least) : static_cast<D>(a);
    }
  }
  return static_cast<std::uint64_t>(a) > static_cast<std::uint64_t>(std::numeric_limits<D>::max()) ? std::numeric_limits<D>::max()
                                                                                                  : static_cast<D>(a);
}

/** From the low bits of a register of type R, of which S is the meaning, to D, kept in a register of type W. */
template <class W, class D, class S, class R>
void integers(Warp& warp, const Op& op, Lanes lanes) {
  const R* a = warp.in<R>(op.a);
  W values[kWarp];
  if ((op.flags & kSat) != 0) {
    for (int i = 0; i < kWarp; i++) {
      values[i] = static_cast<W>(clampTo<D>(static_cast<S>(a[i])));
    }
  } else {
    for (int i = 0; i < kWarp; i++) {
      values[i] = static_cast<W>(static_cast<D>(static_cast<S>(a[i])));
    }
  }
  warp.put(op.d, values, lanes);
}

// ---- with floating types. Half types pass through double: exact on the way in, one rounding on the way out.

struct F16 { static constexpr Format kFormat = kHalf; };
struct B16 { static constexpr Format kFormat = kBrain; };
template <class T> constexpr bool kIsHalf = std::is_same_v<T, F16> || std::is_same_v<T, B16>;
template <class T> constexpr bool kIsReal = kIsHalf<T> || std::is_floating_point_v<T>;
template <class T>
using Stored = std::conditional_t<kIsHalf<T>, std::uint16_t, T>;

/** The value of a source lane as float or double (or integer), flushed if asked. */
template <class S, class R>
auto read(R raw, std::uint8_t flags) {
  if constexpr (kIsHalf<S>) {
    return widen(static_cast<std::uint16_t>(raw), S::kFormat);
  } else if constexpr (std::is_same_v<S, float>) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    return (flags & kFtz) != 0 ? flushed<true>(value) : value;
  } else if constexpr (std::is_same_v<S, double>) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(raw));
  } else {
    return static_cast<S>(raw);
  }
}

/** Out of range clamps. NaN gives 0, or the highest bit if either side has 64 bits (PTX ISA, cvt, notes). */
template <class D, class S>
D realToInteger(double a, Rounding rounding) {
  if (std::isnan(a)) {
    const bool wide = sizeof(D) == 8 || std::is_same_v<S, double>;
    return wide ? static_cast<D>(std::uint64_t{1} << (8 * sizeof(D) - 1)) : D{0};
  }
  const double integral = toIntegral(a, rounding);
  constexpr double kLeast = static_cast<double>(std::numeric_limits<D>::min());
  const double end = std::ldexp(1, std::numeric_limits<D>::digits);  // one more than the greatest
  if (integral >= end) {
    return std::numeric_limits<D>::max();
  }
  return integral <= kLeast ? std::numeric_limits<D>::min() : static_cast<D>(integral);
}

template <class S, class R>
double integerToDouble(R raw) {
  // More than 53 bits are rounded to odd, so that the one rounding that follows is right.
  const auto value = static_cast<S>(raw);
  if constexpr (sizeof(S) < 8) {
    return static_cast<double>(value);
  } else {
    const auto high = static_cast<double>(static_cast<S>(value >> 32)) * 0x1p32;
    return addToOdd(high, static_cast<double>(static_cast<std::uint32_t>(value)));
  }
}

template <class F>
F saturate(F value, std::uint8_t flags) {
  if ((flags & kSat) != 0) {
    return value > 0 ? (value < 1 ? value : F{1}) : F{0};
  }
  return (flags & kRelu) != 0 && !(value > 0) && !std::isnan(value) ? F{0} : value;
}

std::uint16_t toHalf(double value, Format format, Rounding rounding, std::uint8_t flags) {
  const std::uint16_t bits = narrow(saturate(value, flags), format, rounding);
  const unsigned infinity = ((1U << format.exponentBits) - 1) << (format.precision - 1);
  return (flags & kSatFinite) != 0 && (bits & 0x7FFFU) == infinity ? static_cast<std::uint16_t>(bits - 1) : bits;
}

/** op.n is the rounding; op.q is 1 for rounding to an integral value of the same type (.rni and its like). */
template <class D, class S, class R, class W>
void reals(Warp& warp, const Op& op, Lanes lanes) {
  const R* a = warp.in<R>(op.a);
  W* d = warp.out<W>(op.d);
  const auto rounding = static_cast<Rounding>(op.n);
  if constexpr (!kIsReal<D>) {
    eachLane(lanes, [&](int i) { d[i] = static_cast<W>(realToInteger<D, S>(static_cast<double>(read<S>(a[i], op.flags)), rounding)); });
  } else if constexpr (kIsHalf<D>) {
    eachLane(lanes, [&](int i) {
      double value = 0;
      if constexpr (kIsReal<S>) {
        value = static_cast<double>(read<S>(a[i], op.flags));
        value = op.q == 1 ? toIntegral(value, rounding) : value;
      } else {
        value = integerToDouble<S>(a[i]);
      }
      d[i] = toHalf(value, D::kFormat, rounding, op.flags);
    });
  } else {
    withMode(op.q == 1 ? Rounding::kNearest : rounding, [&] {
      eachLane(lanes, [&](int i) {
        D value = static_cast<D>(read<S>(a[i], op.flags));
        if (op.q == 1) {
          value = static_cast<D>(toIntegral(static_cast<double>(value), rounding));
        }
        value = saturate(value, op.flags);
        if constexpr (std::is_same_v<D, float>) {
          value = canonical((op.flags & kFtz) != 0 ? flushed<true>(value) : value);
        }
        d[i] = std::bit_cast<W>(value);
      });
    });
  }
}

// The instances: destination type, source type, and the widths of the registers that hold them.

template <class D, class S, class R>
Op::Run chosenForTarget(std::size_t bytes) {
  if constexpr (kIsReal<D>) {
    using W = std::conditional_t<kIsHalf<D>, std::uint16_t, Bits<Stored<D>>>;
    return bytes == sizeof(W) ? Op::Run{reals<D, S, R, W>} : nullptr;
  } else if constexpr (kIsReal<S>) {
    return bytes == 2 ? Op::Run{reals<D, S, R, std::uint16_t>} : bytes == 4 ? Op::Run{reals<D, S, R, std::uint32_t>}
                                                                             : Op::Run{reals<D, S, R, std::uint64_t>};
  } else {
    return bytes == 2 ? Op::Run{integers<std::uint16_t, D, S, R>} : bytes == 4 ? Op::Run{integers<std::uint32_t, D, S, R>}
                                                                                : Op::Run{integers<std::uint64_t, D, S, R>};
  }
}

template <class D, class S>
Op::Run chosenForSource(std::size_t source, std::size_t target) {
  switch (source) {
    case 2: return chosenForTarget<D, S, std::uint16_t>(target);
    case 4: return chosenForTarget<D, S, std::uint32_t>(target);
    default: return chosenForTarget<D, S, std::uint64_t>(target);
  }
}

template <class D>
Op::Run chosen(Instruction& instruction, Type from, std::size_t source, std::size_t target) {
  switch (from) {
    case Type::kU8: return chosenForSource<D, std::uint8_t>(source, target);
    case Type::kU16: return chosenForSource<D, std::uint16_t>(source, target);
    case Type::kU32: return chosenForSource<D, std::uint32_t>(source, target);
    case Type::kU64: return chosenForSource<D, std::uint64_t>(source, target);
    case Type::kS8: return chosenForSource<D, std::int8_t>(source, target);
    case Type::kS16: return chosenForSource<D, std::int16_t>(source, target);
    case Type::kS32: return chosenForSource<D, std::int32_t>(source, target);
    case Type::kS64: return chosenForSource<D, std::int64_t>(source, target);
    case Type::kF16: return chosenForSource<D, F16>(source, target);
    case Type::kBf16: return chosenForSource<D, B16>(source, target);
    case Type::kF32: return chosenForSource<D, float>(source, target);
    case Type::kF64: return chosenForSource<D, double>(source, target);
    default: instruction.refuse("a type that the instruction does not have");
  }
}

Op::Run chosen(Instruction& instruction, Type to, Type from, std::size_t source, std::size_t target) {
  switch (to) {
    case Type::kU8: return chosen<std::uint8_t>(instruction, from, source, target);
    case Type::kU16: return chosen<std::uint16_t>(instruction, from, source, target);
    case Type::kU32: return chosen<std::uint32_t>(instruction, from, source, target);
    case Type::kU64: return chosen<std::uint64_t>(instruction, from, source, target);
    case Type::kS8: return chosen<std::int8_t>(instruction, from, source, target);
    case Type::kS16: return chosen<std::int16_t>(instruction, from, source, target);
    case Type::kS32: return chosen<std::int32_t>(instruction, from, source, target);
    case Type::kS64: return chosen<std::int64_t>(instruction, from, source, target);
    case Type::kF16: return chosen<F16>(instruction, from, source, target);
    case Type::kBf16: return chosen<B16>(instruction, from, source, target);
    case Type::kF32: return chosen<float>(instruction, from, source, target);
    case Type::kF64: return chosen<double>(instruction, from, source, target);
    default: instruction.refuse("a type that the instruction does not have");
  }
}

/** cvt.rn.f16x2.f32 d, a, b: a goes to the upper half. */
template <class H>
void pack(Warp& warp, const Op& op, Lanes lanes) {
  const float* a = warp.in<float>(op.a);
  const float* b = warp.in<float>(op.b);
  std::uint32_t* d = warp.out<std::uint32_t>(op.d);
  const auto rounding = static_cast<Rounding>(op.n);
  eachLane(lanes, [&](int i) {
    const std::uint32_t high = toHalf(a[i], H::kFormat, rounding, op.flags);
    d[i] = high << 16 | toHalf(b[i], H::kFormat, rounding, op.flags);
  });
}

void takeRounding(Instruction& instruction, Op& op) {
  const int rounding = instruction.takeOne({"rn", "rz", "rm", "rp", "rna"});
  const int integral = rounding < 0 ? instruction.takeOne({"rni", "rzi", "rmi", "rpi"}) : -1;
  op.n = static_cast<std::uint8_t>(rounding >= 0 ? rounding : integral >= 0 ? integral : 0);
  op.q = static_cast<std::int16_t>(integral >= 0 ? 1 : rounding >= 0 ? 0 : -1);
}

int precisionOf(Type type) { return type == Type::kBf16 ? 8 : type == Type::kF16 ? 11 : type == Type::kF32 ? 24 : 53; }

/** A rounding mode is required where the result may be inexact and forbidden elsewhere (PTX ISA, cvt). */
void checkRounding(Instruction& instruction, const Op& op, Type to, Type from) {
  const bool none = op.q == -1;
  const bool integral = op.q == 1;
  bool right = none;
  if (isReal(from) && isReal(to)) {
    const bool narrows = precisionOf(to) < precisionOf(from) || (to == Type::kF16 && from == Type::kBf16);
    right = narrows ? op.q == 0 : to == from ? integral || none : none || op.q == 0;
  } else if (isReal(from)) {
    right = integral;
  } else if (isReal(to)) {
    right = op.q == 0;
  }
  if (!right) {
    instruction.refuse("a rounding mode is missing, or has no place here");
  }
}

void decodeCvt(Instruction& instruction, Op& op) {
  takeRounding(instruction, op);
  op.flags = static_cast<std::uint8_t>((instruction.take("ftz") ? kFtz : 0) | (instruction.take("sat") ? kSat : 0) |
                                       (instruction.take("relu") ? kRelu : 0) | (instruction.take("satfinite") ? kSatFinite : 0));
  const Type to = instruction.takeType();
  const Type from = instruction.takeType();
  if (to == Type::kF16x2 || to == Type::kBf16x2) {
    instruction.expectOperands(3, 3);
    if (from != Type::kF32 || op.q != 0) {
      instruction.refuse("packs rounded f32 only");
    }
    op.run = to == Type::kF16x2 ? pack<F16> : pack<B16>;
    op.d = instruction.target(0, Type::kB32);
    op.a = instruction.source(1, Type::kF32);
    op.b = instruction.source(2, Type::kF32);
    return;
  }
  const auto isConvertible = [](Type type) { return isInteger(type) || (isReal(type) && type != Type::kF16x2 && type != Type::kBf16x2); };
  if (!isConvertible(to) || !isConvertible(from)) {
    instruction.refuse("a type that the instruction does not have");
  }
  checkRounding(instruction, op, to, from);
  instruction.expectOperands(2, 2);
  std::size_t target = 0;
  std::size_t source = 0;
  op.d = instruction.wideTarget(instruction.operand(0), to, target);
  op.a = instruction.wideSource(instruction.operand(1), from, source);
  if (isReal(from) && source != bytesOf(from)) {
    instruction.refuse("the register is wider than the floating type");
  }
  op.run = chosen(instruction, to, from, std::max<std::size_t>(source, 2), std::max<std::size_t>(target, 2));
  if (op.run == nullptr) {
    instruction.refuse("the register is wider than the floating type");
  }
}

}  // namespace

void addConversions(OpcodeTable& table) { table["cvt"] = decodeCvt; }

}  // namespace emulator::ptx
