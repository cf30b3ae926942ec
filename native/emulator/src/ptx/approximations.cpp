// The .approx instructions, PTX ISA 9.7.3: computed in double and rounded, so better than any card; with Options::perturb each
// result is moved at random within the error that the ISA documents for it.

#include <algorithm>
#include <cmath>

#include "ptx/families.hpp"
#include "ptx/lanes.hpp"
#include "ptx/numbers.hpp"

namespace emulator::ptx {
namespace {

/** A documented error: relative, absolute (where the flag says so), or in units in the last place. */
struct Error {
  enum class Kind { kRelative, kAbsolute, kUlp };
  Kind kind;
  double bound;
};

double unit(Warp& warp) { return static_cast<double>(warp.launch->draw() >> 11) * 0x1p-52 - 1; }  // in [-1, 1)

double perturbed(Warp& warp, double exact, Error error) {
  if (!std::isfinite(exact) || exact == 0) {
    return exact;
  }
  const double by = unit(warp) * error.bound;
  switch (error.kind) {
    case Error::Kind::kRelative: return exact * (1 + by);
    case Error::Kind::kAbsolute: return exact + by;
    default: return exact + by * std::ldexp(1, std::max(std::ilogb(exact), -126) - 23);
  }
}

// Each struct: the function in double, and its documented error for the argument.
struct Rcp { static double of(double a) { return 1 / a; } static Error error(double) { return {Error::Kind::kUlp, 1}; } };
struct Sqrt { static double of(double a) { return std::sqrt(a); } static Error error(double) { return {Error::Kind::kRelative, 0x1p-23}; } };
struct Rsqrt { static double of(double a) { return 1 / std::sqrt(a); } static Error error(double) { return {Error::Kind::kRelative, 0x1.13p-23}; } };  // 2^-22.9
struct Ex2 { static double of(double a) { return std::exp2(a); } static Error error(double) { return {Error::Kind::kUlp, 2}; } };
struct Tanh { static double of(double a) { return std::tanh(a); } static Error error(double) { return {Error::Kind::kRelative, 0x1p-11}; } };
/** Absolute error 2^-22 near 1, relative elsewhere. */
struct Lg2 {
  static double of(double a) { return std::log2(a); }
  static Error error(double a) { return {a > 0.5 && a < 2 ? Error::Kind::kAbsolute : Error::Kind::kRelative, 0x1p-22}; }
};
/** Absolute error 2^-20.5 within one period and 2^-14.7 within fifty; beyond, the ISA promises nothing and we stay with the latter. */
Error trigonometric(double a) {
  return {Error::Kind::kAbsolute, std::fabs(a) <= 6.283185307179586 ? 0x1.6ap-21 : 0x1.3bp-15};
}
struct Sin { static double of(double a) { return std::sin(a); } static Error error(double a) { return trigonometric(a); } };
struct Cos { static double of(double a) { return std::cos(a); } static Error error(double a) { return trigonometric(a); } };

template <class F, bool Ftz>
void approximate(Warp& warp, const Op& op, Lanes lanes) {
  const float* a = warp.in<float>(op.a);
  float* d = warp.out<float>(op.d);
  const bool perturb = warp.launch->options.perturb;
  eachLane(lanes, [&](int i) {
    const double x = flushed<Ftz>(a[i]);
    double result = F::of(x);
    if (perturb) {
      result = perturbed(warp, result, F::error(x));
    }
    d[i] = canonical(flushed<Ftz>(static_cast<float>(result)));
  });
}

/**
 * 2^a by its series around the nearest integer: 12 terms leave 6e-15, so after rounding to f32 it is as good as exact. The loop
 * vectorises, which pays since every exponential function comes here.
 */
template <bool Ftz>
void powerOfTwo(Warp& warp, const Op& op, Lanes lanes) {
  if (warp.launch->options.perturb) {
    approximate<Ex2, Ftz>(warp, op, lanes);
    return;
  }
  const float* a = warp.in<float>(op.a);
  float values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    double x = flushed<Ftz>(a[i]);
    x = x > 200 ? 200 : x < -200 ? -200 : x;
    const double whole = x == x ? std::nearbyint(x) : 0;
    const double r = (x - whole) * 0.6931471805599453;
    double sum = 1;
    for (int k = 12; k > 0; k--) {
      sum = 1 + sum * r * (1.0 / k);
    }
    const double scale = std::bit_cast<double>(static_cast<std::int64_t>(static_cast<std::int32_t>(whole) + 1023) << 52);
    values[i] = canonical(flushed<Ftz>(static_cast<float>(sum * scale)));
  }
  warp.put(op.d, values, lanes);
}

template <class F, bool Ftz>
void divide(Warp& warp, const Op& op, Lanes lanes) {
  const float* a = warp.in<float>(op.a);
  const float* b = warp.in<float>(op.b);
  float* d = warp.out<float>(op.d);
  const bool perturb = warp.launch->options.perturb;
  eachLane(lanes, [&](int i) {
    const double y = flushed<Ftz>(b[i]);
    double result = flushed<Ftz>(a[i]) / y;
    if (F::kGivesUp && std::fabs(y) > 0x1p126 && std::isfinite(y)) {
      result = std::isinf(a[i]) ? nan<double>() : std::copysign(0.0, result);  // div.approx for large divisors
    } else if (perturb) {
      result = perturbed(warp, result, {Error::Kind::kUlp, 2});
    }
    d[i] = canonical(flushed<Ftz>(static_cast<float>(result)));
  });
}
struct Approx { static constexpr bool kGivesUp = true; };
struct Full { static constexpr bool kGivesUp = false; };

/** rcp and rsqrt.approx.ftz.f64: the upper half of the operand alone is read, that of the result alone is set. */
template <class F>
void coarse(Warp& warp, const Op& op, Lanes lanes) {
  constexpr std::uint64_t kUpper = 0xFFFFFFFF00000000;
  const double* a = warp.in<double>(op.a);
  double* d = warp.out<double>(op.d);
  const bool perturb = warp.launch->options.perturb;
  eachLane(lanes, [&](int i) {
    const double x = flushed<true>(std::bit_cast<double>(std::bit_cast<std::uint64_t>(a[i]) & kUpper));
    double result = flushed<true>(F::of(x));
    if (perturb && std::isfinite(result)) {
      result *= 1 + unit(warp) * 0x1p-20;
    }
    d[i] = std::isnan(result) ? nan<double>() : std::bit_cast<double>(std::bit_cast<std::uint64_t>(result) & kUpper);
  });
}

/** rsqrt.approx.f64. */
void inverseRoot(Warp& warp, const Op& op, Lanes lanes) {
  const double* a = warp.in<double>(op.a);
  double* d = warp.out<double>(op.d);
  const bool perturb = warp.launch->options.perturb;
  eachLane(lanes, [&](int i) {
    const double result = 1 / std::sqrt(a[i]);
    d[i] = perturb && std::isfinite(result) ? result * (1 + unit(warp) * 0x1p-52) : result;
  });
}

template <class F>
void decodeFloat(Instruction& instruction, Op& op) {
  if (!instruction.take("approx")) {
    instruction.refuse("needs .approx");
  }
  const bool ftz = instruction.take("ftz");
  op.run = ftz ? approximate<F, true> : approximate<F, false>;
  simpleOperands(instruction, op, instruction.takeType({Type::kF32}), 1);
}

/** tanh.approx has no .ftz. */
void decodeTanh(Instruction& instruction, Op& op) {
  if (!instruction.take("approx")) {
    instruction.refuse("needs .approx");
  }
  op.run = approximate<Tanh, false>;
  simpleOperands(instruction, op, instruction.takeType({Type::kF32}), 1);
}

}  // namespace

void decodeApproximate(Instruction& instruction, Op& op) {
  const std::string_view base = instruction.base();
  if (base == "div") {
    const bool full = instruction.take("full");
    if (!full) {
      instruction.take("approx");
    }
    const bool ftz = instruction.take("ftz");
    op.run = full ? (ftz ? divide<Full, true> : divide<Full, false>) : (ftz ? divide<Approx, true> : divide<Approx, false>);
    simpleOperands(instruction, op, instruction.takeType({Type::kF32}), 2);
    return;
  }
  if (instruction.type() == Type::kF64) {
    instruction.take("approx");
    const bool ftz = instruction.take("ftz");
    if (base == "rcp" && ftz) {
      op.run = coarse<Rcp>;
    } else if (base == "rsqrt") {
      op.run = ftz ? coarse<Rsqrt> : inverseRoot;
    } else {
      instruction.refuse("no such approximation of f64");
    }
    simpleOperands(instruction, op, instruction.takeType(), 1);
    return;
  }
  if (base == "rcp") {
    decodeFloat<Rcp>(instruction, op);
  } else if (base == "sqrt") {
    decodeFloat<Sqrt>(instruction, op);
  } else {
    decodeFloat<Rsqrt>(instruction, op);
  }
}

void addApproximations(OpcodeTable& table) {
  table["ex2"] = [](Instruction& instruction, Op& op) {
    const bool ftz = instruction.has("ftz");
    decodeFloat<Ex2>(instruction, op);
    op.run = ftz ? powerOfTwo<true> : powerOfTwo<false>;
  };
  table["lg2"] = decodeFloat<Lg2>;
  table["sin"] = decodeFloat<Sin>;
  table["cos"] = decodeFloat<Cos>;
  table["tanh"] = decodeTanh;
}

}  // namespace emulator::ptx
