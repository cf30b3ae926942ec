package org.cotangent.cpu.kernel;

import java.util.function.DoubleBinaryOperator;
import org.cotangent.cpu.kernel.Loops.B1;
import org.cotangent.cpu.kernel.Loops.B2;
import org.cotangent.cpu.kernel.Loops.D1;
import org.cotangent.cpu.kernel.Loops.D2;
import org.cotangent.cpu.kernel.Loops.DB;
import org.cotangent.cpu.kernel.Loops.DC;
import org.cotangent.cpu.kernel.Loops.F1;
import org.cotangent.cpu.kernel.Loops.F2;
import org.cotangent.cpu.kernel.Loops.FB;
import org.cotangent.cpu.kernel.Loops.FC;
import org.cotangent.cpu.kernel.Loops.L1;
import org.cotangent.cpu.kernel.Loops.L2;
import org.cotangent.cpu.kernel.Loops.LB;
import org.cotangent.cpu.math.Elementwise;
import org.cotangent.cpu.math.MathProvider;
import org.cotangent.cpu.math.SpecialFunctions;
import org.cotangent.expr.Fn;

/** Which loop computes which function, for each kind of block. */
final class Functions {
  private static final Elementwise MATH = MathProvider.instance();

  private Functions() {}

  private static IllegalArgumentException unknown(Fn fn, String type) {
    return new IllegalArgumentException("pointwise: " + fn + " has no kernel for " + type);
  }

  static F1 float1(Fn fn) {
    return switch (fn) {
      case NEG -> FloatOps.NEG;
      case ABS -> FloatOps.ABS;
      case RELU -> FloatOps.RELU;
      case SIGN -> FloatLoops::sign;
      case FLOOR -> FloatLoops::floor;
      case CEIL -> FloatLoops::ceil;
      case ROUND -> FloatLoops::round;
      case TRUNC -> FloatLoops::trunc;
      case SQRT -> FloatOps.SQRT;
      case RSQRT -> FloatOps.RSQRT;
      case EXP -> MATH::exp;
      case EXPM1 -> MATH::expm1;
      case LOG -> MATH::log;
      case LOG1P -> MATH::log1p;
      case LOG2 -> MATH::log2;
      case LOG10 -> MATH::log10;
      case SIN -> MATH::sin;
      case COS -> MATH::cos;
      case TAN -> MATH::tan;
      case ASIN -> MATH::asin;
      case ACOS -> MATH::acos;
      case ATAN -> MATH::atan;
      case SINH -> MATH::sinh;
      case COSH -> MATH::cosh;
      case TANH -> MATH::tanh;
      case ASINH -> MATH::asinh;
      case ACOSH -> MATH::acosh;
      case ATANH -> MATH::atanh;
      case ERF -> MATH::erf;
      case ERFC -> MATH::erfc;
      case ERFINV -> MATH::erfinv;
      case SIGMOID -> MATH::sigmoid;
      case SOFTPLUS -> MATH::softplus;
      case LGAMMA -> MATH::lgamma;
      case DIGAMMA -> MATH::digamma;
      case I0E -> RareLoops.floats(SpecialFunctions::i0e);
      case I1E -> RareLoops.floats(SpecialFunctions::i1e);
      case ERFCX -> RareLoops.floats(SpecialFunctions::erfcx);
      case NDTRI -> RareLoops.floats(SpecialFunctions::ndtri);
      default -> throw unknown(fn, "float32");
    };
  }

  static D1 double1(Fn fn) {
    return switch (fn) {
      case NEG -> DoubleOps.NEG;
      case ABS -> DoubleOps.ABS;
      case RELU -> DoubleOps.RELU;
      case SIGN -> DoubleLoops::sign;
      case FLOOR -> DoubleLoops::floor;
      case CEIL -> DoubleLoops::ceil;
      case ROUND -> DoubleLoops::round;
      case TRUNC -> DoubleLoops::trunc;
      case SQRT -> DoubleOps.SQRT;
      case RSQRT -> DoubleOps.RSQRT;
      case EXP -> MATH::exp;
      case EXPM1 -> MATH::expm1;
      case LOG -> MATH::log;
      case LOG1P -> MATH::log1p;
      case LOG2 -> MATH::log2;
      case LOG10 -> MATH::log10;
      case SIN -> MATH::sin;
      case COS -> MATH::cos;
      case TAN -> MATH::tan;
      case ASIN -> MATH::asin;
      case ACOS -> MATH::acos;
      case ATAN -> MATH::atan;
      case SINH -> MATH::sinh;
      case COSH -> MATH::cosh;
      case TANH -> MATH::tanh;
      case ASINH -> MATH::asinh;
      case ACOSH -> MATH::acosh;
      case ATANH -> MATH::atanh;
      case ERF -> MATH::erf;
      case ERFC -> MATH::erfc;
      case ERFINV -> MATH::erfinv;
      case SIGMOID -> MATH::sigmoid;
      case SOFTPLUS -> MATH::softplus;
      case LGAMMA -> MATH::lgamma;
      case DIGAMMA -> MATH::digamma;
      case I0E -> RareLoops.doubles(SpecialFunctions::i0e);
      case I1E -> RareLoops.doubles(SpecialFunctions::i1e);
      case ERFCX -> RareLoops.doubles(SpecialFunctions::erfcx);
      case NDTRI -> RareLoops.doubles(SpecialFunctions::ndtri);
      default -> throw unknown(fn, "float64");
    };
  }

  static L1 long1(Fn fn) {
    return switch (fn) {
      case NEG -> LongLoops::neg;
      case ABS -> LongLoops::abs;
      case RELU -> LongLoops::relu;
      case SIGN -> LongLoops::sign;
      case NOT -> LongLoops::not;
      case FLOOR, CEIL, ROUND, TRUNC -> LongLoops::same;
      default -> throw unknown(fn, "integers");
    };
  }

  static B1 bool1(Fn fn) {
    return switch (fn) {
      case NOT -> BoolLoops::not;
      case NEG, ABS, RELU, SIGN, FLOOR, CEIL, ROUND, TRUNC -> BoolLoops::same;
      default -> throw unknown(fn, "bool");
    };
  }

  static F2 float2(Fn fn) {
    return switch (fn) {
      case ADD -> FloatOps.ADD;
      case SUB -> FloatOps.SUB;
      case MUL -> FloatOps.MUL;
      case DIV -> FloatOps.DIV;
      case FMOD -> FloatLoops::fmod;
      case REMAINDER -> FloatLoops::remainder;
      case MAX -> FloatOps.MAX;
      case MIN -> FloatOps.MIN;
      case COPYSIGN -> FloatLoops::copySign;
      case POLYGAMMA -> GammaLoops::polygamma;
      case XLOGY -> GammaLoops::xlogy;
      case XLOG1PY -> GammaLoops::xlog1py;
      case POW -> MATH::pow;
      case ATAN2 -> MATH::atan2;
      case NEXTAFTER -> RareLoops::nextAfter;
      case ZETA -> RareLoops.floats(SpecialFunctions::zeta);
      default -> throw unknown(fn, "float32");
    };
  }

  static D2 double2(Fn fn) {
    return switch (fn) {
      case ADD -> DoubleOps.ADD;
      case SUB -> DoubleOps.SUB;
      case MUL -> DoubleOps.MUL;
      case DIV -> DoubleOps.DIV;
      case FMOD -> DoubleLoops::fmod;
      case REMAINDER -> DoubleLoops::remainder;
      case MAX -> DoubleOps.MAX;
      case MIN -> DoubleOps.MIN;
      case COPYSIGN -> DoubleLoops::copySign;
      case POLYGAMMA -> GammaLoops::polygamma;
      case XLOGY -> GammaLoops::xlogy;
      case XLOG1PY -> GammaLoops::xlog1py;
      case POW -> MATH::pow;
      case ATAN2 -> MATH::atan2;
      case NEXTAFTER -> RareLoops.doubles((DoubleBinaryOperator) Math::nextAfter);
      case ZETA -> RareLoops.doubles(SpecialFunctions::zeta);
      default -> throw unknown(fn, "float64");
    };
  }

  static L2 long2(Fn fn) {
    return switch (fn) {
      case ADD -> LongLoops::add;
      case SUB -> LongLoops::sub;
      case MUL -> LongLoops::mul;
      case DIV -> LongLoops::div;
      case FMOD -> LongLoops::fmod;
      case REMAINDER -> LongLoops::remainder;
      case MAX -> LongLoops::max;
      case MIN -> LongLoops::min;
      case POW -> LongLoops::pow;
      case COPYSIGN -> LongLoops::copySign;
      case AND -> LongLoops::and;
      case OR -> LongLoops::or;
      case XOR -> LongLoops::xor;
      case GCD -> RareLoops::gcd;
      default -> throw unknown(fn, "integers");
    };
  }

  /** Bool functions of two bools, comparisons included. */
  static B2 bool2(Fn fn) {
    return switch (fn) {
      case ADD, MAX, OR -> BoolLoops::or;
      case MUL, MIN, AND -> BoolLoops::and;
      case SUB, XOR, NE -> BoolLoops::xor;
      case GT -> BoolLoops::gt;
      case GE, POW -> BoolLoops::ge;
      case EQ -> BoolLoops::eq;
      case DIV -> BoolLoops::div;
      case FMOD, REMAINDER -> BoolLoops::remainder;
      default -> throw unknown(fn, "bool");
    };
  }

  static FB floatCompare(Fn fn) {
    return switch (fn) {
      case GT -> FloatOps.GT;
      case GE -> FloatOps.GE;
      case EQ -> FloatOps.EQ;
      case NE -> FloatOps.NE;
      default -> throw unknown(fn, "float32");
    };
  }

  static DB doubleCompare(Fn fn) {
    return switch (fn) {
      case GT -> DoubleOps.GT;
      case GE -> DoubleOps.GE;
      case EQ -> DoubleOps.EQ;
      case NE -> DoubleOps.NE;
      default -> throw unknown(fn, "float64");
    };
  }

  static LB longCompare(Fn fn) {
    return switch (fn) {
      case GT -> LongLoops::gt;
      case GE -> LongLoops::ge;
      case EQ -> LongLoops::eq;
      case NE -> LongLoops::ne;
      default -> throw unknown(fn, "integers");
    };
  }

  /** The loop for a constant second operand, or first if {@code swapped}; null if there is none. */
  static FC floatConstant(Fn fn, boolean swapped) {
    return switch (fn) {
      case ADD -> FloatOps.ADD_CONSTANT;
      case MUL -> FloatOps.MUL_CONSTANT;
      case MAX -> FloatOps.MAX_CONSTANT;
      case MIN -> FloatOps.MIN_CONSTANT;
      case SUB -> swapped ? FloatOps.FROM_CONSTANT : FloatOps.SUB_CONSTANT;
      case DIV -> swapped ? FloatOps.INTO_CONSTANT : FloatOps.DIV_CONSTANT;
      default -> null;
    };
  }

  /** The loop for a constant second operand, or first if {@code swapped}; null if there is none. */
  static DC doubleConstant(Fn fn, boolean swapped) {
    return switch (fn) {
      case ADD -> DoubleOps.ADD_CONSTANT;
      case MUL -> DoubleOps.MUL_CONSTANT;
      case MAX -> DoubleOps.MAX_CONSTANT;
      case MIN -> DoubleOps.MIN_CONSTANT;
      case SUB -> swapped ? DoubleOps.FROM_CONSTANT : DoubleOps.SUB_CONSTANT;
      case DIV -> swapped ? DoubleOps.INTO_CONSTANT : DoubleOps.DIV_CONSTANT;
      default -> null;
    };
  }
}
