// f16 and bf16: the formats, and their arithmetic (PTX ISA 9.7.4), scalar and packed in pairs. Each lane is computed in double,
// where sums (to odd) and products are exact enough for one rounding to the half format, and rounded once.

#include <algorithm>

#include "ptx/families.hpp"
#include "ptx/lanes.hpp"
#include "ptx/numbers.hpp"

namespace emulator::ptx {

double widen(std::uint16_t bits, Format format) {
  const int fraction = format.precision - 1;
  const int bias = (1 << (format.exponentBits - 1)) - 1;
  const int exponent = bits >> fraction & ((1 << format.exponentBits) - 1);
  const int significand = bits & ((1 << fraction) - 1);
  double magnitude = 0;
  if (exponent == (1 << format.exponentBits) - 1) {
    magnitude = significand == 0 ? std::numeric_limits<double>::infinity() : nan<double>();
  } else if (exponent == 0) {
    magnitude = std::ldexp(significand, 1 - bias - fraction);
  } else {
    magnitude = std::ldexp(significand + (1 << fraction), exponent - bias - fraction);
  }
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

std::uint16_t narrow(double value, Format format, Rounding rounding) {
  const int fraction = format.precision - 1;
  const int bias = (1 << (format.exponentBits - 1)) - 1;
  const unsigned infinity = ((1U << format.exponentBits) - 1) << fraction;
  if (std::isnan(value)) {
    return 0x7FFF;
  }
  const unsigned sign = std::signbit(value) ? 0x8000 : 0;
  const double magnitude = std::fabs(value);
  if (std::isinf(value)) {
    return static_cast<std::uint16_t>(sign | infinity);
  }
  if (magnitude == 0) {
    return static_cast<std::uint16_t>(sign);
  }
  // The unit in the last place is 2^(e - fraction), e at least that of the least normal number.
  const int exponent = std::max(std::ilogb(magnitude), 1 - bias);
  const double scaled = std::ldexp(magnitude, fraction - exponent);  // exact: at most a shift, since double is far wider
  double units = std::floor(scaled);
  const double rest = scaled - units;
  bool up = false;
  switch (rounding) {
    case Rounding::kNearest: up = rest > 0.5 || (rest == 0.5 && std::fmod(units, 2) != 0); break;
    case Rounding::kAway: up = rest >= 0.5; break;
    case Rounding::kZero: break;
    case Rounding::kDown: up = rest > 0 && sign != 0; break;
    case Rounding::kUp: up = rest > 0 && sign == 0; break;
  }
  units += up ? 1 : 0;
  // units counts from the start of the binade e; a carry into the next one is what the encoding does by itself.
  const auto count = static_cast<std::int64_t>(units);
  const std::int64_t encoded = count + (static_cast<std::int64_t>(exponent + bias - 1) << fraction);
  if (encoded >= static_cast<std::int64_t>(infinity)) {
    const bool toInfinity = rounding == Rounding::kNearest || rounding == Rounding::kAway ||
                            (rounding == Rounding::kUp && sign == 0) || (rounding == Rounding::kDown && sign != 0);
    return static_cast<std::uint16_t>(sign | (toInfinity ? infinity : infinity - 1));
  }
  return static_cast<std::uint16_t>(sign | static_cast<unsigned>(encoded));
}

double addToOdd(double a, double b) {
  const double sum = a + b;
  if (!std::isfinite(sum)) {
    return sum;
  }
  const double part = sum - a;  // TwoSum (Knuth): sum + error is a + b exactly
  const double error = (a - (sum - part)) + (b - part);
  if (error == 0 || (std::bit_cast<std::uint64_t>(sum) & 1) != 0) {
    return sum;
  }
  return std::nextafter(sum, error > 0 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity());
}

namespace {

enum HalfFlags : std::uint8_t { kFtz = 1, kSat = 2, kRelu = 4, kNan = 8 };

struct AddH { static constexpr int kSources = 2; static double of(double a, double b, double) { return addToOdd(a, b); } };
struct SubH { static constexpr int kSources = 2; static double of(double a, double b, double) { return addToOdd(a, -b); } };
struct MulH { static constexpr int kSources = 2; static double of(double a, double b, double) { return a * b; } };
struct FmaH { static constexpr int kSources = 3; static double of(double a, double b, double c) { return addToOdd(a * b, c); } };
struct NegH { static constexpr int kSources = 1; static double of(double a, double, double) { return -a; } };
struct AbsH { static constexpr int kSources = 1; static double of(double a, double, double) { return std::fabs(a); } };
template <bool Max>
struct ExtremeH {
  static constexpr int kSources = 2;
  static double of(double a, double b, double) {
    if (a != a || b != b) {
      return a != a ? b : a;
    }
    return a == b ? (std::signbit(a) == Max ? b : a) : (a > b) == Max ? a : b;
  }
};

constexpr double leastNormal(Format format) { return format.exponentBits == 5 ? 0x1p-14 : 0x1p-126; }

template <class F>
std::uint16_t lane(const std::uint16_t (&in)[3], Format format, std::uint8_t flags) {
  double x[3] = {};
  for (int i = 0; i < F::kSources; i++) {
    x[i] = widen(in[i], format);
    if ((flags & kFtz) != 0 && std::fabs(x[i]) < leastNormal(format)) {
      x[i] = std::copysign(0.0, x[i]);
    }
  }
  double result = F::of(x[0], x[1], x[2]);
  if ((flags & kNan) != 0 && (x[0] != x[0] || x[1] != x[1])) {
    result = nan<double>();
  }
  if ((flags & kSat) != 0) {
    result = result > 0 ? std::min(result, 1.0) : 0;
  }
  if ((flags & kRelu) != 0 && result < 0) {
    result = 0;
  }
  std::uint16_t bits = narrow(result, format, Rounding::kNearest);
  if ((flags & kFtz) != 0 && std::fabs(widen(bits, format)) < leastNormal(format)) {
    bits &= 0x8000;
  }
  return bits;
}

template <class F, bool Brain, class Word>
void halves(Warp& warp, const Op& op, Lanes lanes) {
  constexpr Format kFormat = Brain ? kBrain : kHalf;
  const Word* a = warp.in<Word>(op.a);
  const Word* b = F::kSources > 1 ? warp.in<Word>(op.b) : a;
  const Word* c = F::kSources > 2 ? warp.in<Word>(op.c) : a;
  Word* d = warp.out<Word>(op.d);
  eachLane(lanes, [&](int i) {
    Word result = 0;
    for (unsigned shift = 0; shift < 8 * sizeof(Word); shift += 16) {
      const auto at = [shift](Word word) { return static_cast<std::uint16_t>(word >> shift); };
      const std::uint16_t in[3] = {at(a[i]), at(b[i]), at(c[i])};
      result = static_cast<Word>(result | static_cast<Word>(lane<F>(in, kFormat, op.flags)) << shift);
    }
    d[i] = result;
  });
}

template <class F>
void decodeHalfAs(Instruction& instruction, Op& op) {
  op.flags = static_cast<std::uint8_t>((instruction.take("ftz") ? kFtz : 0) | (instruction.take("sat") ? kSat : 0) |
                                       (instruction.take("relu") ? kRelu : 0) | (instruction.take("NaN") ? kNan : 0));
  const Type type = instruction.takeType();
  switch (type) {
    case Type::kF16: op.run = halves<F, false, std::uint16_t>; break;
    case Type::kF16x2: op.run = halves<F, false, std::uint32_t>; break;
    case Type::kBf16: op.run = halves<F, true, std::uint16_t>; break;
    default: op.run = halves<F, true, std::uint32_t>; break;
  }
  if ((type == Type::kBf16 || type == Type::kBf16x2) && (op.flags & (kFtz | kSat)) != 0) {
    instruction.refuse("bf16 has neither .ftz nor .sat");
  }
  simpleOperands(instruction, op, type, F::kSources);
}

}  // namespace

void decodeHalf(Instruction& instruction, Op& op) {
  const std::string_view base = instruction.base();
  const bool rounds = instruction.take("rn");
  if (base == "fma" && !rounds) {
    instruction.refuse("needs .rn");
  }
  if ((instruction.has("relu") && base != "fma") || (instruction.has("NaN") && base != "min" && base != "max") ||
      (instruction.has("sat") && (base == "neg" || base == "abs" || base == "min" || base == "max"))) {
    instruction.refuse("a modifier that the instruction does not have");
  }
  if (base == "add") {
    decodeHalfAs<AddH>(instruction, op);
  } else if (base == "sub") {
    decodeHalfAs<SubH>(instruction, op);
  } else if (base == "mul") {
    decodeHalfAs<MulH>(instruction, op);
  } else if (base == "fma") {
    decodeHalfAs<FmaH>(instruction, op);
  } else if (base == "neg") {
    decodeHalfAs<NegH>(instruction, op);
  } else if (base == "abs") {
    decodeHalfAs<AbsH>(instruction, op);
  } else if (base == "min") {
    decodeHalfAs<ExtremeH<false>>(instruction, op);
  } else if (base == "max") {
    decodeHalfAs<ExtremeH<true>>(instruction, op);
  } else {
    instruction.refuse("a type that the instruction does not have");
  }
}

}  // namespace emulator::ptx
