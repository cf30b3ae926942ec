package org.cotangent.expr;

/**
 * The scalar functions that expressions are made of: one constant each; its partial derivatives are in {@link Derivative}, its
 * value on constants in {@link Scalar}, its block kernel in each backend.
 *
 * <p>Integer arithmetic wraps to the width of its type. Comparisons give bool and are false for NaN (NE is true).
 */
public enum Fn {
  /** Input number {@code value} of the kernel. */
  ARG(0),
  /** The number {@code value}; has no type of its own and takes that of what it is combined with. */
  CONST(0),
  /** Output number {@code value} of the kernel whose derivative this expression is. */
  OUT(0),
  /** Conversion to the type with ordinal {@code value}. */
  CAST(1),
  /** x + y. */
  ADD(2),
  /** x - y. */
  SUB(2),
  /** x * y. */
  MUL(2),
  /** x / y; for integers truncated toward zero. */
  DIV(2),
  /** Remainder with the sign of the dividend (C's fmod). */
  FMOD(2),
  /** Remainder with the sign of the divisor (Python's %). */
  REMAINDER(2),
  /** The larger; NaN if either is; half the gradient to each on a tie. */
  MAX(2),
  /** The smaller; NaN if either is; half the gradient to each on a tie. */
  MIN(2),
  /** x to the power y. */
  POW(2),
  /** Angle of the point (y, x) given as ATAN2(y, x). */
  ATAN2(2),
  /** x with the sign of y. */
  COPYSIGN(2),
  /** The number next to x on the way to y; y if they are equal. */
  NEXTAFTER(2),
  /** Greatest common divisor of integers, not negative; gcd(0, 0) is 0. */
  GCD(2),
  /** x &gt; y. */
  GT(2),
  /** x &ge; y. */
  GE(2),
  /** x = y. */
  EQ(2),
  /** x differs from y. */
  NE(2),
  /** Bitwise and; logical for bool. */
  AND(2),
  /** Bitwise or; logical for bool. */
  OR(2),
  /** Bitwise exclusive or; logical for bool. */
  XOR(2),
  /** Bitwise complement; logical for bool. */
  NOT(1),
  /** The second operand where the first is true, else the third. */
  WHERE(3),
  /** The value of the first operand with the derivative of the second, which is not computed; for conventions of libraries. */
  SLOPE_OF(2),
  /** Sum of the operand over the row that the element is in, the same for every element of the row; for kernels that walk rows. */
  ROW_SUM(1),
  /** Largest value in the row; NaN if there is one. */
  ROW_MAX(1),
  /** Smallest value in the row; NaN if there is one. */
  ROW_MIN(1),
  /** -x. */
  NEG(1),
  /** Absolute value; gradient 0 at 0. */
  ABS(1),
  /** -1, 0 or 1; 0 for NaN. */
  SIGN(1),
  /** Largest integer not above. */
  FLOOR(1),
  /** Smallest integer not below. */
  CEIL(1),
  /** Nearest integer, ties to even. */
  ROUND(1),
  /** Integer part. */
  TRUNC(1),
  /** x where positive, else 0; NaN and -0 stay; gradient 0 at 0. */
  RELU(1),
  /** Square root. */
  SQRT(1),
  /** Inverse square root. */
  RSQRT(1),
  /** e to the power x. */
  EXP(1),
  /** exp(x) - 1, accurate near 0. */
  EXPM1(1),
  /** Natural logarithm. */
  LOG(1),
  /** log(1 + x), accurate near 0. */
  LOG1P(1),
  /** Logarithm to base 2. */
  LOG2(1),
  /** Logarithm to base 10. */
  LOG10(1),
  /** Sine, radians. */
  SIN(1),
  /** Cosine, radians. */
  COS(1),
  /** Tangent, radians. */
  TAN(1),
  /** Arc sine, radians. */
  ASIN(1),
  /** Arc cosine, radians. */
  ACOS(1),
  /** Arc tangent, radians. */
  ATAN(1),
  /** Hyperbolic sine; infinite where e to the power |x| overflows. */
  SINH(1),
  /** Hyperbolic cosine; infinite where e to the power |x| overflows. */
  COSH(1),
  /** Hyperbolic tangent. */
  TANH(1),
  /** Inverse hyperbolic sine. */
  ASINH(1),
  /** Inverse hyperbolic cosine. */
  ACOSH(1),
  /** Inverse hyperbolic tangent. */
  ATANH(1),
  /** Error function. */
  ERF(1),
  /** 1 - erf(x), accurate for large x. */
  ERFC(1),
  /** Inverse of the error function. */
  ERFINV(1),
  /** 1 / (1 + exp(-x)), without overflow. */
  SIGMOID(1),
  /** log(1 + exp(x)), without overflow. */
  SOFTPLUS(1),
  /** Logarithm of the absolute value of the gamma function. */
  LGAMMA(1),
  /** Derivative of lgamma. */
  DIGAMMA(1),
  /** Derivative of digamma, of order x, at y. */
  POLYGAMMA(2),
  /** e to the power -|x| times the modified Bessel function of the first kind of order 0. */
  I0E(1),
  /** e to the power -|x| times the modified Bessel function of the first kind of order 1. */
  I1E(1),
  /** e to the power x squared times 1 - erf(x). */
  ERFCX(1),
  /** The number below which a standard normal one lies with probability x. */
  NDTRI(1),
  /** Hurwitz's zeta function: the sum of (y + k) to the power -x over k = 0, 1, 2, ... */
  ZETA(2),
  /** x log(y); 0 where x is 0 and y is a number. */
  XLOGY(2),
  /** x log(1 + y); 0 where x is 0 and y is a number. */
  XLOG1PY(2);

  private final int arity;

  Fn(int arity) {
    this.arity = arity;
  }

  /** Number of operands. */
  public int arity() {
    return arity;
  }

  /** Whether the result is bool whatever the operands. */
  public boolean comparison() {
    return this == GT || this == GE || this == EQ || this == NE;
  }

  /** Whether the value depends on a whole row, and so is no function of one element. */
  public boolean row() {
    return this == ROW_SUM || this == ROW_MAX || this == ROW_MIN;
  }

  /** Whether the result is piecewise constant, so that its derivative is zero. */
  public boolean flat() {
    return switch (this) {
      case CONST, GT, GE, EQ, NE, AND, OR, XOR, NOT, NEXTAFTER, GCD, SIGN, FLOOR, CEIL, ROUND, TRUNC -> true;
      default -> false;
    };
  }

  /** Whether the function exists for floating types alone. */
  public boolean floatOnly() {
    return ordinal() >= SQRT.ordinal() || this == ATAN2 || this == COPYSIGN || this == NEXTAFTER;
  }

  /** Whether one evaluation costs many arithmetic operations. */
  public boolean expensive() {
    return ordinal() >= EXP.ordinal() || this == POW || this == ATAN2;
  }

  /** Whether backends have no vector form of it, so that an evaluation costs more than storing and loading the result. */
  public boolean costly() {
    return switch (this) {
      case EXP, EXPM1, LOG, LOG1P, SIN, COS, TANH, ERF, SIGMOID, SOFTPLUS -> false;
      default -> expensive();
    };
  }
}
