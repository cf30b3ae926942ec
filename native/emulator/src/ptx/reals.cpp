// Arithmetic of f32 and f64, PTX ISA 9.7.3: correctly rounded, fma fused, NaN results of f32 canonical (0x7fffffff).

#include <bit>
#include <cfenv>
#include <cmath>
#include <limits>

#include "ptx/families.hpp"
#include "ptx/lanes.hpp"
#include "ptx/numbers.hpp"

namespace emulator::ptx {
namespace {

struct AddF { static constexpr int kSources = 2; template <class T> static T of(T a, T b) { return a + b; } };
struct SubF { static constexpr int kSources = 2; template <class T> static T of(T a, T b) { return a - b; } };
struct MulF { static constexpr int kSources = 2; template <class T> static T of(T a, T b) { return a * b; } };
struct DivF { static constexpr int kSources = 2; template <class T> static T of(T a, T b) { return a / b; } };
struct FmaF { static constexpr int kSources = 3; template <class T> static T of(T a, T b, T c) { return std::fma(a, b, c); } };
struct RcpF { static constexpr int kSources = 1; template <class T> static T of(T a) { return T{1} / a; } };
struct SqrtF { static constexpr int kSources = 1; template <class T> static T of(T a) { return std::sqrt(a); } };

/** PTX: a NaN loses to a number, -0 is less than +0. */
template <bool Max, bool KeepNan>
struct Extreme {
  static constexpr int kSources = 2;
  template <class T>
  static T of(T a, T b) {
    using B = Bits<T>;
    const B x = std::bit_cast<B>(a);
    const B y = std::bit_cast<B>(b);
    const T equal = std::bit_cast<T>(Max ? static_cast<B>(x & y) : static_cast<B>(x | y));  // differ in the sign of zero at most
    T result = a == b ? equal : (Max ? a > b : a < b) ? a : b;
    result = b != b ? a : result;
    result = a != a ? b : result;
    if constexpr (KeepNan) {
      result = a != a || b != b ? nan<T>() : result;
    }
    return result;
  }
};

/** One lane: inputs flushed, operation, result flushed, saturated and, if NaN, canonical. */
template <class F, class T, bool Ftz, bool Sat>
struct Lane {
  template <class... A>
  static T apply(A... a) {
    T result = F::template of<T>(flushed<Ftz>(a)...);
    result = flushed<Ftz>(result);
    if constexpr (Sat) {
      return result > T{0} ? (result < T{1} ? result : T{1}) : T{0};  // NaN becomes +0
    }
    return canonical(result);
  }
};

template <class F, class L, class T>
constexpr Op::Run runner() {
  if constexpr (F::kSources == 1) {
    return unary<T, T, L>;
  } else if constexpr (F::kSources == 2) {
    return binary<T, T, L>;
  } else {
    return ternary<T, T, T, L>;
  }
}

/** Takes .ftz, .sat and the type, chooses the instance, reads the operands. */
template <class F>
void decodeReal(Instruction& instruction, Op& op) {
  const bool ftz = instruction.take("ftz");
  const bool sat = instruction.take("sat");
  const Type type = instruction.takeType({Type::kF32, Type::kF64});
  if (type == Type::kF64 && (ftz || sat)) {
    instruction.refuse("f64 has neither .ftz nor .sat");
  }
  if (type == Type::kF64) {
    op.run = runner<F, Lane<F, double, false, false>, double>();
  } else if (ftz) {
    op.run = sat ? runner<F, Lane<F, float, true, true>, float>() : runner<F, Lane<F, float, true, false>, float>();
  } else {
    op.run = sat ? runner<F, Lane<F, float, false, true>, float>() : runner<F, Lane<F, float, false, false>, float>();
  }
  simpleOperands(instruction, op, type, F::kSources);
}

template <class F, bool MustRound>
void decodeRounded(Instruction& instruction, Op& op) {
  const int mode = instruction.takeOne({"rn", "rz", "rm", "rp"});
  if (mode < 0 && MustRound) {
    instruction.refuse("needs a rounding mode");
  }
  decodeReal<F>(instruction, op);
  if (mode > 0) {
    roundTowards(op, mode);
  }
}

void directed(Warp& warp, const Op& op, Lanes lanes) {
  constexpr int kModes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
  std::fesetround(kModes[op.flags]);
  op.inner(warp, op, lanes);
  std::fesetround(FE_TONEAREST);
}

// abs and neg change the sign bit alone; PTX leaves the payload of their NaN open, we keep it.
template <class T, bool Ftz> struct NegLane { static T apply(T a) { return -flushed<Ftz>(a); } };
template <class T, bool Ftz> struct AbsLane { static T apply(T a) { return std::fabs(flushed<Ftz>(a)); } };

void decodeSign(Instruction& instruction, Op& op) {
  const bool ftz = instruction.take("ftz");
  const bool isNeg = instruction.base() == "neg";
  const Type type = instruction.takeType({Type::kF32, Type::kF64});
  if (type == Type::kF64) {
    if (ftz) {
      instruction.refuse("f64 has no .ftz");
    }
    op.run = isNeg ? unary<double, double, NegLane<double, false>> : unary<double, double, AbsLane<double, false>>;
  } else if (ftz) {
    op.run = isNeg ? unary<float, float, NegLane<float, true>> : unary<float, float, AbsLane<float, true>>;
  } else {
    op.run = isNeg ? unary<float, float, NegLane<float, false>> : unary<float, float, AbsLane<float, false>>;
  }
  simpleOperands(instruction, op, type, 1);
}

/** PTX: "copy sign of source a into source b". */
template <class T> struct CopySign { static T apply(T a, T b) { return std::copysign(b, a); } };

enum Property { kFinite, kInfinite, kNumber, kNotANumber, kNormal, kSubnormal };

template <class T>
void testProperty(Warp& warp, const Op& op, Lanes lanes) {
  const T* a = warp.in<T>(op.a);
  Lanes holds = 0;
  for (int i = 0; i < kWarp; i++) {
    const int kind = std::fpclassify(a[i]);
    bool is = false;
    switch (op.n) {
      case kFinite: is = std::isfinite(a[i]); break;
      case kInfinite: is = kind == FP_INFINITE; break;
      case kNumber: is = kind != FP_NAN; break;
      case kNotANumber: is = kind == FP_NAN; break;
      case kNormal: is = kind == FP_NORMAL || kind == FP_ZERO; break;  // PTX counts zero as normal
      default: is = kind == FP_SUBNORMAL; break;
    }
    holds |= static_cast<Lanes>(is) << i;
  }
  Lanes& to = warp.predicates[op.d];
  to = (to & ~lanes) | (holds & lanes);
}

bool isHalf(Type type) { return type == Type::kF16 || type == Type::kF16x2 || type == Type::kBf16 || type == Type::kBf16x2; }

/** Sends an opcode to the family of its type. */
template <Decode Integer, Decode Real>
void byType(Instruction& instruction, Op& op) {
  const Type type = instruction.type();
  if (isHalf(type)) {
    decodeHalf(instruction, op);
  } else if (isReal(type)) {
    Real(instruction, op);
  } else {
    Integer(instruction, op);
  }
}

void decodeDiv(Instruction& instruction, Op& op) {
  if (instruction.has("approx") || instruction.has("full")) {
    decodeApproximate(instruction, op);
  } else {
    decodeRounded<DivF, true>(instruction, op);
  }
}

template <class F>
void decodeRoot(Instruction& instruction, Op& op) {
  if (instruction.has("approx")) {
    decodeApproximate(instruction, op);
  } else {
    decodeRounded<F, true>(instruction, op);
  }
}

template <bool Max>
void decodeExtreme(Instruction& instruction, Op& op) {
  if (instruction.take("NaN")) {
    decodeReal<Extreme<Max, true>>(instruction, op);
  } else {
    decodeReal<Extreme<Max, false>>(instruction, op);
  }
}

void noInteger(Instruction& instruction, Op&) { instruction.refuse("a type that the instruction does not have"); }

}  // namespace

void roundTowards(Op& op, int mode) {
  op.inner = op.run;
  op.run = directed;
  op.flags = static_cast<std::uint8_t>(mode);
}

void addReals(OpcodeTable& table) {
  table["add"] = [](Instruction& instruction, Op& op) {
    if (instruction.has("cc")) {
      decodeCarryAdd(instruction, op);
    } else {
      byType<decodeIntegerAdd, decodeRounded<AddF, false>>(instruction, op);
    }
  };
  table["sub"] = [](Instruction& instruction, Op& op) {
    if (instruction.has("cc")) {
      decodeCarrySub(instruction, op);
    } else {
      byType<decodeIntegerSub, decodeRounded<SubF, false>>(instruction, op);
    }
  };
  table["mul"] = byType<decodeIntegerMul, decodeRounded<MulF, false>>;
  table["mad"] = byType<decodeIntegerMul, decodeRounded<FmaF, true>>;
  table["fma"] = byType<noInteger, decodeRounded<FmaF, true>>;
  table["div"] = byType<decodeIntegerDiv, decodeDiv>;
  table["min"] = byType<decodeIntegerMin, decodeExtreme<false>>;
  table["max"] = byType<decodeIntegerMax, decodeExtreme<true>>;
  table["neg"] = byType<decodeIntegerNegAbs, decodeSign>;
  table["abs"] = byType<decodeIntegerNegAbs, decodeSign>;
  table["rcp"] = decodeRoot<RcpF>;
  table["sqrt"] = decodeRoot<SqrtF>;
  table["rsqrt"] = decodeApproximate;
  table["copysign"] = [](Instruction& instruction, Op& op) {
    const Type type = instruction.takeType({Type::kF32, Type::kF64});
    op.run = type == Type::kF32 ? binary<float, float, CopySign<float>> : binary<double, double, CopySign<double>>;
    simpleOperands(instruction, op, type, 2);
  };
  table["testp"] = [](Instruction& instruction, Op& op) {
    const int property = instruction.takeOne({"finite", "infinite", "number", "notanumber", "normal", "subnormal"});
    if (property < 0) {
      instruction.refuse("needs a property");
    }
    op.n = static_cast<std::uint8_t>(property);
    const Type type = instruction.takeType({Type::kF32, Type::kF64});
    op.run = type == Type::kF32 ? testProperty<float> : testProperty<double>;
    instruction.expectOperands(2, 2);
    op.d = instruction.predicate(instruction.operand(0).name);
    op.a = instruction.source(1, type);
  };
}

}  // namespace emulator::ptx
