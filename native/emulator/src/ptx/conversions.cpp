// cvt, PTX ISA 9.7.9.21 (cvt): every integer and floating type to every other, each with its rounding and saturation.

#include <algorithm>
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

// The registers may be wider than the types (PTX ISA 9.4.1): lanes pass through 64 bits. op.pWidth and op.e are the registers' widths.

using Raw = std::uint64_t[kWarp];

template <class R>
void gatherAs(Warp& warp, std::int32_t row, Raw& values) {
  const R* from = warp.in<R>(row);
  std::copy(from, from + kWarp, values);
}

void gather(Warp& warp, const Op& op, Raw& values) {
  switch (op.pWidth) {
    case 2: gatherAs<std::uint16_t>(warp, op.a, values); break;
    case 4: gatherAs<std::uint32_t>(warp, op.a, values); break;
    default: gatherAs<std::uint64_t>(warp, op.a, values); break;
  }
}

template <class W>
void scatterAs(Warp& warp, std::int32_t row, const Raw& values, Lanes lanes) {
  W narrowed[kWarp];
  for (int i = 0; i < kWarp; i++) {
    narrowed[i] = static_cast<W>(values[i]);
  }
  warp.put(row, narrowed, lanes);
}

void scatter(Warp& warp, const Op& op, const Raw& values, Lanes lanes) {
  switch (op.e) {
    case 2: scatterAs<std::uint16_t>(warp, op.d, values, lanes); break;
    case 4: scatterAs<std::uint32_t>(warp, op.d, values, lanes); break;
    default: scatterAs<std::uint64_t>(warp, op.d, values, lanes); break;
  }
}

template <class D, class S>
void integers(Warp& warp, const Op& op, Lanes lanes) {
  Raw values;
  gather(warp, op, values);
  if ((op.flags & kSat) != 0) {
    for (int i = 0; i < kWarp; i++) {
      values[i] = static_cast<std::uint64_t>(clampTo<D>(static_cast<S>(values[i])));
    }
  } else {
    for (int i = 0; i < kWarp; i++) {
      values[i] = static_cast<std::uint64_t>(static_cast<D>(static_cast<S>(values[i])));
    }
  }
  scatter(warp, op, values, lanes);
}

// ---- with floating types. Half types pass through double: exact on the way in, one rounding on the way out.

struct F16 { static constexpr Format kFormat = kHalf; };
struct B16 { static constexpr Format kFormat = kBrain; };
template <class T> constexpr bool kIsHalf = std::is_same_v<T, F16> || std::is_same_v<T, B16>;
template <class T> constexpr bool kIsReal = kIsHalf<T> || std::is_floating_point_v<T>;

/** The value of a source lane as float or double (or integer), flushed if asked. */
template <class S>
auto read(std::uint64_t raw, std::uint8_t flags) {
  if constexpr (kIsHalf<S>) {
    return widen(static_cast<std::uint16_t>(raw), S::kFormat);
  } else if constexpr (std::is_same_v<S, float>) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    return (flags & kFtz) != 0 ? flushed<true>(value) : value;
  } else if constexpr (std::is_same_v<S, double>) {
    return std::bit_cast<double>(raw);
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

template <class S>
double integerToDouble(std::uint64_t raw) {
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
template <class D, class S>
std::uint64_t convertReal(std::uint64_t raw, const Op& op) {
  const auto rounding = static_cast<Rounding>(op.n);
  if constexpr (!kIsReal<D>) {
    return static_cast<std::uint64_t>(realToInteger<D, S>(static_cast<double>(read<S>(raw, op.flags)), rounding));
  } else if constexpr (kIsHalf<D> && kIsReal<S>) {
    const auto value = static_cast<double>(read<S>(raw, op.flags));
    return toHalf(op.q == 1 ? toIntegral(value, rounding) : value, D::kFormat, rounding, op.flags);
  } else if constexpr (kIsHalf<D>) {
    return toHalf(integerToDouble<S>(raw), D::kFormat, rounding, op.flags);
  } else {
    D value = static_cast<D>(read<S>(raw, op.flags));
    if (op.q == 1) {
      value = static_cast<D>(toIntegral(static_cast<double>(value), rounding));
    }
    value = saturate(value, op.flags);
    if constexpr (std::is_same_v<D, float>) {
      value = canonical((op.flags & kFtz) != 0 ? flushed<true>(value) : value);
    }
    return std::bit_cast<Bits<D>>(value);
  }
}

template <class D, class S>
void reals(Warp& warp, const Op& op, Lanes lanes) {
  Raw values;
  gather(warp, op, values);
  // The mode of the unit serves conversions to f32 and f64; all others round by themselves.
  const bool byUnit = std::is_floating_point_v<D> && op.q != 1;
  withMode(byUnit ? static_cast<Rounding>(op.n) : Rounding::kNearest,
           [&] { eachLane(lanes, [&](int i) { values[i] = convertReal<D, S>(values[i], op); }); });
  scatter(warp, op, values, lanes);
}

template <class D>
Op::Run chosen(Instruction& instruction, Type from) {
  const auto with = []<class S>(S) -> Op::Run {
    if constexpr (kIsReal<D> || kIsReal<S>) {
      return reals<D, S>;
    } else {
      return integers<D, S>;
    }
  };
  switch (from) {
    case Type::kU8: return with(std::uint8_t{});
    case Type::kU16: return with(std::uint16_t{});
    case Type::kU32: return with(std::uint32_t{});
    case Type::kU64: return with(std::uint64_t{});
    case Type::kS8: return with(std::int8_t{});
    case Type::kS16: return with(std::int16_t{});
    case Type::kS32: return with(std::int32_t{});
    case Type::kS64: return with(std::int64_t{});
    case Type::kF16: return with(F16{});
    case Type::kBf16: return with(B16{});
    case Type::kF32: return with(float{});
    case Type::kF64: return with(double{});
    default: instruction.refuse("a type that the instruction does not have");
  }
}

Op::Run chosen(Instruction& instruction, Type to, Type from) {
  switch (to) {
    case Type::kU8: return chosen<std::uint8_t>(instruction, from);
    case Type::kU16: return chosen<std::uint16_t>(instruction, from);
    case Type::kU32: return chosen<std::uint32_t>(instruction, from);
    case Type::kU64: return chosen<std::uint64_t>(instruction, from);
    case Type::kS8: return chosen<std::int8_t>(instruction, from);
    case Type::kS16: return chosen<std::int16_t>(instruction, from);
    case Type::kS32: return chosen<std::int32_t>(instruction, from);
    case Type::kS64: return chosen<std::int64_t>(instruction, from);
    case Type::kF16: return chosen<F16>(instruction, from);
    case Type::kBf16: return chosen<B16>(instruction, from);
    case Type::kF32: return chosen<float>(instruction, from);
    case Type::kF64: return chosen<double>(instruction, from);
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
  if ((isReal(from) && source != bytesOf(from)) || (isReal(to) && target != bytesOf(to))) {
    instruction.refuse("the register is wider than the floating type");
  }
  op.pWidth = static_cast<std::uint8_t>(std::max<std::size_t>(source, 2));
  op.e = static_cast<std::int32_t>(std::max<std::size_t>(target, 2));
  op.run = chosen(instruction, to, from);
}

}  // namespace

void addConversions(OpcodeTable& table) { table["cvt"] = decodeCvt; }

}  // namespace emulator::ptx
