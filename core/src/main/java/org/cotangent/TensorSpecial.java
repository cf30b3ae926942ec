package org.cotangent;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.OpName;

/** Special functions of {@link Tensor}, and roundings; integers compute in float32. */
public sealed interface TensorSpecial permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * x itself.
   *
   * @throws DTypeException for bool
   */
  default Tensor positive() {
    if (self().dtype() == DType.BOOL) {
      throw new DTypeException("positive: a bool has no sign");
    }
    return self().alias();
  }

  /**
   * The fraction x - trunc(x), with the sign of x.
   *
   * @throws DTypeException for integers
   */
  default Tensor frac() {
    Eager.requireFloating("frac", self());
    return Eager.expression(OpName.of("frac"), call(Fn.SUB, arg(0), call(Fn.TRUNC, arg(0))), self());
  }

  /** Rounded to a number of decimals, ties to even; negative numbers round to tens, hundreds, ... */
  default Tensor round(int decimals) {
    if (decimals == 0) {
      return self().round();
    }
    Eager.requireFloating("round", self());
    Expr ten = constant(Math.pow(10, Math.abs(decimals)));
    Fn up = decimals > 0 ? Fn.MUL : Fn.DIV;
    Fn down = decimals > 0 ? Fn.DIV : Fn.MUL;
    return Eager.expression(OpName.of("round"), call(down, call(Fn.ROUND, call(up, arg(0), ten)), ten), self());
  }

  /** Degrees as radians. */
  default Tensor deg2rad() {
    return Eager.floating(OpName.of("deg2rad"), call(Fn.MUL, arg(0), constant(Math.PI / 180)), self());
  }

  /** Radians as degrees. */
  default Tensor rad2deg() {
    return Eager.floating(OpName.of("rad2deg"), call(Fn.MUL, arg(0), constant(180 / Math.PI)), self());
  }

  /** x with the sign of y, that of zeros included; integers give float32. */
  default Tensor copysign(Tensor y) {
    return Eager.floatingBinary(OpName.of("copysign"), Fn.COPYSIGN, self(), y);
  }

  /** x with the sign of c. */
  default Tensor copysign(double c) {
    return Eager.scalar(OpName.of("copysign"), Fn.COPYSIGN, self(), c, false);
  }

  /** 2 to the power x. */
  default Tensor exp2() {
    return Eager.floating(OpName.of("exp2"), call(Fn.POW, constant(2), arg(0)), self());
  }

  /** Logarithm of the absolute value of the gamma function. */
  default Tensor lgamma() {
    return Eager.floating(OpName.of("lgamma"), Fn.LGAMMA, self());
  }

  /** Derivative of {@link #lgamma}. */
  default Tensor digamma() {
    return Eager.floating(OpName.of("digamma"), Fn.DIGAMMA, self());
  }

  /**
   * Derivative of order n of {@link #digamma}. Of order 1 it is some 1e32 at -1, -2, ..., as in PyTorch, and not infinite.
   *
   * @throws ArgumentException if n is negative
   */
  default Tensor polygamma(int n) {
    if (n < 0) {
      throw new ArgumentException("polygamma: the order is negative: " + n);
    }
    return n == 0 ? digamma() : Eager.floating(OpName.of("polygamma"), call(Fn.POLYGAMMA, constant(n), arg(0)), self());
  }

  /** sin(πx) / (πx), 1 at 0. */
  default Tensor sinc() {
    Expr p = call(Fn.MUL, constant(Math.PI), arg(0));
    return Eager.floating(OpName.of("sinc"), where(call(Fn.EQ, arg(0), Expr.ZERO), Expr.ONE, call(Fn.DIV, call(Fn.SIN, p), p)), self());
  }

  /** log(x / (1 - x)); NaN outside [0, 1]. */
  default Tensor logit() {
    Expr outside = call(Fn.OR, call(Fn.GT, Expr.ZERO, arg(0)), call(Fn.GT, arg(0), Expr.ONE));
    return Eager.floating(OpName.of("logit"), where(outside, call(Fn.MUL, constant(Double.NaN), arg(0)), logit(arg(0))), self());
  }

  /** log(z / (1 - z)) for z = x limited to [eps, 1 - eps]; the gradient is 0 outside. */
  default Tensor logit(double eps) {
    Expr low = call(Fn.GT, constant(eps), arg(0));
    Expr high = call(Fn.GT, arg(0), constant(1 - eps));
    double end = Math.log((1 - eps) / eps);
    Expr inside = where(call(Fn.EQ, arg(0), arg(0)), logit(arg(0)), constant(Double.NaN));
    Expr e = where(low, constant(-end), where(high, constant(end), inside));
    return Eager.floating(OpName.of("logit"), e, self());
  }

  private static Expr logit(Expr x) {
    return call(Fn.SUB, call(Fn.LOG, x), call(Fn.LOG1P, call(Fn.NEG, x)));
  }

  /** x log(y), 0 where x is 0; NaN where y is NaN. */
  default Tensor xlogy(Tensor y) {
    return Eager.floatingBinary(OpName.of("xlogy"), Fn.XLOGY, self(), y);
  }

  /** x log(c), 0 where x is 0. */
  default Tensor xlogy(double c) {
    return Eager.scalar(OpName.of("xlogy"), Fn.XLOGY, self(), c, false);
  }

  /** x log(1 + y), 0 where x is 0; NaN where y is NaN. */
  default Tensor xlog1py(Tensor y) {
    return Eager.floatingBinary(OpName.of("xlog1py"), Fn.XLOG1PY, self(), y);
  }

  /** x log(1 + c), 0 where x is 0. */
  default Tensor xlog1py(double c) {
    return Eager.scalar(OpName.of("xlog1py"), Fn.XLOG1PY, self(), c, false);
  }

  /** log(exp(x) + exp(y)), without overflow. */
  default Tensor logAddExp(Tensor y) {
    return logAdd(OpName.of("logAddExp", "Logaddexp"), Expr.ONE, y);
  }

  /** log2(2^x + 2^y), without overflow. */
  default Tensor logAddExp2(Tensor y) {
    return logAdd(OpName.of("logAddExp2", "Logaddexp2"), constant(Math.log(2)), y);
  }

  private Tensor logAdd(OpName op, Expr unit, Tensor y) {
    Eager.requireFloating(op.name(), self());
    Expr a = arg(0);
    Expr b = arg(1);
    Expr infinite = call(Fn.AND, call(Fn.EQ, a, b), call(Fn.EQ, call(Fn.ABS, a), constant(Double.POSITIVE_INFINITY)));
    Expr e = where(infinite, a, where(call(Fn.GT, a, b), onTop(a, b, unit), onTop(b, a, unit)));
    return Eager.pointwise(op, e, Eager.resultType(self(), y).orFloat(), self(), y);
  }

  /** a + log(1 + exp(u (b - a))) / u. */
  private static Expr onTop(Expr a, Expr b, Expr u) {
    Expr d = call(Fn.SUB, b, a);
    return u == Expr.ONE ? call(Fn.ADD, a, call(Fn.SOFTPLUS, d)) : call(Fn.ADD, a, call(Fn.DIV, call(Fn.SOFTPLUS, call(Fn.MUL, d, u)), u));
  }

  // ---- of the normal distribution

  /** The probability that a standard normal number is below x: erfc(-x / √2) / 2. */
  default Tensor ndtr() {
    return Eager.floating(OpName.of("ndtr", "SpecialNdtr"), ndtr(arg(0)), self());
  }

  private static Expr ndtr(Expr x) {
    return call(Fn.MUL, constant(0.5), call(Fn.ERFC, call(Fn.MUL, constant(-Math.sqrt(0.5)), x)));
  }

  /** Logarithm of {@link #ndtr}, accurate where that is small. */
  default Tensor logNdtr() {
    Expr x = arg(0);
    Expr t = call(Fn.MUL, constant(-Math.sqrt(0.5)), x);
    Expr tail = call(Fn.SUB, call(Fn.LOG, call(Fn.MUL, constant(0.5), call(Fn.ERFCX, t))), call(Fn.MUL, t, t));
    Expr body = call(Fn.LOG1P, call(Fn.MUL, constant(-0.5), call(Fn.ERFC, call(Fn.NEG, t))));
    return Eager.floating(OpName.of("logNdtr", "SpecialLogNdtr"), where(call(Fn.GT, constant(-1), x), tail, body), self());
  }

  /** Inverse of {@link #ndtr}; NaN outside [0, 1]. */
  default Tensor ndtri() {
    return Eager.floating(OpName.of("ndtri", "SpecialNdtri"), unsigned(call(Fn.NDTRI, arg(0))), self());
  }

  /** exp(x²) erfc(x), without overflow for large x. */
  default Tensor erfcx() {
    return Eager.floating(OpName.of("erfcx", "SpecialErfcx"), Fn.ERFCX, self());
  }

  /** -x log(x), 0 at 0 with an infinite slope, minus infinity below with the slope NaN. */
  default Tensor entr() {
    Expr x = arg(0);
    Expr e = call(Fn.MUL, call(Fn.NEG, x), call(Fn.LOG, x));
    Expr zero = call(Fn.EQ, x, Expr.ZERO);
    Expr below = where(call(Fn.GT, Expr.ZERO, x), Expr.withSlopeOf(e, constant(Double.NEGATIVE_INFINITY)), e);
    Expr upright = call(Fn.SQRT, unsigned(x)); // whose slope at 0 and at -0 is infinite
    Expr steep = Expr.withSlopeOf(call(Fn.NEG, call(Fn.MUL, x, x)), constant(Double.NEGATIVE_INFINITY));
    below = where(call(Fn.EQ, x, constant(Double.POSITIVE_INFINITY)), steep, below);
    return Eager.floating(OpName.of("entr", "SpecialEntr"), where(zero, Expr.withSlopeOf(upright, Expr.ZERO), below), self());
  }

  // ---- Bessel functions, zeta

  /** Modified Bessel function of the first kind of order 0. */
  default Tensor i0() {
    return bessel("i0", Fn.I0E);
  }

  /** exp(-|x|) times {@link #i0}. */
  default Tensor i0e() {
    return Eager.floating(OpName.of("i0e", "SpecialI0E"), Fn.I0E, self());
  }

  /** Modified Bessel function of the first kind of order 1; its slope at NaN is 1/2, as in PyTorch. */
  default Tensor i1() {
    return bessel("i1", Fn.I1E);
  }

  /** exp(-|x|) times {@link #i1}. */
  default Tensor i1e() {
    return Eager.floating(OpName.of("i1e", "SpecialI1E"), odd(call(Fn.I1E, arg(0))), self());
  }

  /** Spherical Bessel function of the first kind of order 0: sin(x) / x, 1 at 0, 0 at infinity. */
  default Tensor sphericalBesselJ0() {
    Expr x = arg(0);
    Expr zero = call(Fn.EQ, x, Expr.ZERO);
    Expr far = call(Fn.EQ, call(Fn.ABS, x), constant(Double.POSITIVE_INFINITY));
    Expr e = where(zero, Expr.ONE, where(far, Expr.ZERO, call(Fn.DIV, call(Fn.SIN, x), x)));
    return Eager.floating(OpName.of("sphericalBesselJ0", "SpecialSphericalBesselJ0"), e, self());
  }

  /** Where e to the power |x| overflows, the slope of order 0 is infinite, and of order 1 NaN, as in PyTorch. */
  private Tensor bessel(String op, Fn scaled) {
    Expr x = arg(0);
    Expr e = call(Fn.MUL, call(Fn.EXP, call(Fn.ABS, x)), call(scaled, x));
    if (scaled == Fn.I1E) {
      Expr unknown = Expr.withSlopeOf(call(Fn.MUL, constant(0.5), x), x);
      return Eager.floating(OpName.of(op), where(call(Fn.NE, x, x), unknown, odd(e)), self());
    }
    Expr over = call(Fn.EQ, e, constant(Double.POSITIVE_INFINITY));
    Expr steep = call(Fn.MUL, constant(Double.POSITIVE_INFINITY), call(Fn.ABS, x));
    return Eager.floating(OpName.of(op), where(over, Expr.withSlopeOf(steep, e), e), self());
  }

  /** {@code e} with 0, and not -0, where x is -0. */
  private static Expr odd(Expr e) {
    return where(call(Fn.EQ, arg(0), Expr.ZERO), Expr.withSlopeOf(e, Expr.ZERO), e);
  }

  /** 0 for -0. */
  private static Expr unsigned(Expr x) {
    return call(Fn.ADD, Expr.ZERO, x);
  }

  /**
   * Hurwitz's zeta function: the sum of (q + k)^-x over k = 0, 1, 2, ... It has no derivative by this, the exponent, which must not
   * require grad.
   */
  default Tensor zeta(Tensor q) {
    return Eager.floatingBinary(OpName.of("zeta", "SpecialZeta"), Fn.ZETA, self(), q);
  }

  /** Hurwitz's zeta function with the exponent x. */
  default Tensor zeta(double q) {
    return Eager.scalar(OpName.of("zeta", "SpecialZeta"), Fn.ZETA, self(), q, false);
  }

  /**
   * Logarithm of the multivariate gamma function of dimension p: the sum of lgamma(x - j/2) over j below p, and p (p - 1) log(π) / 4.
   *
   * @throws ArgumentException if p is below 1
   */
  default Tensor mvlgamma(int p) {
    if (p < 1) {
      throw new ArgumentException("mvlgamma: the dimension is below 1: " + p);
    }
    Expr sum = constant(p * (p - 1) / 4.0 * Math.log(Math.PI));
    for (int j = 0; j < p; j++) {
      sum = call(Fn.ADD, sum, call(Fn.LGAMMA, call(Fn.ADD, constant(-j / 2.0), arg(0))));
    }
    return Eager.floating(OpName.of("mvlgamma"), sum, self());
  }
}
