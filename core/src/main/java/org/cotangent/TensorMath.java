package org.cotangent;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

import org.cotangent.errors.ArgumentException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.primitive.Pointwise;
import org.cotangent.transform.OpName;

/**
 * Pointwise operations of {@link Tensor}. Two tensors broadcast, and combine in their promoted type; a Java number takes the
 * tensor's type, and a floating one makes an integer tensor float32. Transcendental functions of integers compute in float32.
 *
 * <p>All throw {@link org.cotangent.errors.ShapeException} if shapes do not broadcast and
 * {@link org.cotangent.errors.DeviceException} if the operands are on different devices.
 */
public sealed interface TensorMath permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** x + y. */
  default Tensor add(Tensor y) {
    return Eager.binary(Names.ADD, Fn.ADD, self(), y);
  }

  /** x + c. */
  default Tensor add(double c) {
    return Eager.scalar(Names.ADD, Fn.ADD, self(), c, false);
  }

  /** x + c. */
  default Tensor add(long c) {
    return Eager.scalar(Names.ADD, Fn.ADD, self(), c, false);
  }

  /** x - y. */
  default Tensor sub(Tensor y) {
    return Eager.binary(Names.SUB, Fn.SUB, self(), y);
  }

  /** x - c. */
  default Tensor sub(double c) {
    return Eager.scalar(Names.SUB, Fn.SUB, self(), c, false);
  }

  /** x - c. */
  default Tensor sub(long c) {
    return Eager.scalar(Names.SUB, Fn.SUB, self(), c, false);
  }

  /** c - x. */
  default Tensor rsub(double c) {
    return Eager.scalar(Names.RSUB, Fn.SUB, self(), c, true);
  }

  /** c - x. */
  default Tensor rsub(long c) {
    return Eager.scalar(Names.RSUB, Fn.SUB, self(), c, true);
  }

  /** x * y. */
  default Tensor mul(Tensor y) {
    return Eager.binary(Names.MUL, Fn.MUL, self(), y);
  }

  /** x * c. */
  default Tensor mul(double c) {
    return Eager.scalar(Names.MUL, Fn.MUL, self(), c, false);
  }

  /** x * c. */
  default Tensor mul(long c) {
    return Eager.scalar(Names.MUL, Fn.MUL, self(), c, false);
  }

  /** x / y; integers give float32. */
  default Tensor div(Tensor y) {
    return Eager.floatingBinary(Names.DIV, Fn.DIV, self(), y);
  }

  /** x / c; integers give float32. */
  default Tensor div(double c) {
    return Eager.scalar(Names.DIV, Fn.DIV, self(), c, false);
  }

  /** c / x; integers give float32. */
  default Tensor rdiv(double c) {
    return Eager.scalar(OpName.of("rdiv", "Mul"), Fn.DIV, self(), c, true);
  }

  /** Largest integer not above x / y, in the promoted type. */
  default Tensor floorDivide(Tensor y) {
    DType t = Eager.resultType(self(), y);
    return Eager.pointwise(Names.FLOOR_DIVIDE, TensorArithmetic.floored(t), t, self(), y);
  }

  /** Remainder with the sign of the divisor, as Python's %. */
  default Tensor remainder(Tensor y) {
    return Eager.binary(Names.REMAINDER, Fn.REMAINDER, self(), y);
  }

  /** Remainder with the sign of the divisor, as Python's %. */
  default Tensor remainder(double c) {
    return Eager.scalar(Names.REMAINDER, Fn.REMAINDER, self(), c, false);
  }

  /** Remainder with the sign of the divisor, as Python's %. */
  default Tensor remainder(long c) {
    return Eager.scalar(Names.REMAINDER, Fn.REMAINDER, self(), c, false);
  }

  /** Remainder with the sign of the dividend, as C's fmod. */
  default Tensor fmod(Tensor y) {
    return Eager.binary(Names.FMOD, Fn.FMOD, self(), y);
  }

  /** x to the power y. */
  default Tensor pow(Tensor y) {
    return Eager.binary(Names.POW, Fn.POW, self(), y);
  }

  /** x to the power c; a floating exponent makes integers float32. */
  default Tensor pow(double c) {
    return Eager.floating(Names.POW, power(c), self());
  }

  /**
   * x to the power c.
   *
   * @throws ArgumentException for integers to a negative power
   */
  default Tensor pow(long c) {
    if (!self().dtype().floating()) {
      if (c < 0) {
        throw new ArgumentException("pow: integers to the negative power " + c + " are not integers; convert with to(DType.FLOAT32)");
      }
      return Eager.scalar(Names.POW, Fn.POW, self(), c, false);
    }
    return Eager.expression(Names.POW, power(c), self());
  }

  private static Expr power(double c) {
    Expr x = arg(0);
    if (c == 2) {
      return call(Fn.MUL, x, x);
    }
    if (c == 3) {
      return call(Fn.MUL, call(Fn.MUL, x, x), x);
    }
    return c == 0.5 ? call(Fn.SQRT, x) : c == -1 ? call(Fn.DIV, Expr.ONE, x) : call(Fn.POW, x, constant(c));
  }

  /** The larger of both, NaN if either is; a tie halves the gradient. */
  default Tensor maximum(Tensor y) {
    return Eager.binary(Names.MAXIMUM, Fn.MAX, self(), y);
  }

  /** The smaller of both, NaN if either is; a tie halves the gradient. */
  default Tensor minimum(Tensor y) {
    return Eager.binary(Names.MINIMUM, Fn.MIN, self(), y);
  }

  /** Angle of the point (x, y) with this as y, in radians. */
  default Tensor atan2(Tensor x) {
    return Eager.floatingBinary(Names.ATAN2, Fn.ATAN2, self(), x);
  }

  /** x &gt; y as bool. */
  default Tensor gt(Tensor y) {
    return Eager.binary(Names.GT, Fn.GT, self(), y);
  }

  /** x &gt; c as bool. */
  default Tensor gt(double c) {
    return Eager.scalar(Names.GT, Fn.GT, self(), c, false);
  }

  /** x &ge; y as bool. */
  default Tensor ge(Tensor y) {
    return Eager.binary(Names.GE, Fn.GE, self(), y);
  }

  /** x &ge; c as bool. */
  default Tensor ge(double c) {
    return Eager.scalar(Names.GE, Fn.GE, self(), c, false);
  }

  /** x &lt; y as bool. */
  default Tensor lt(Tensor y) {
    return Eager.binary(Names.LT, Fn.GT, y, self());
  }

  /** x &lt; c as bool. */
  default Tensor lt(double c) {
    return Eager.scalar(Names.LT, Fn.GT, self(), c, true);
  }

  /** x &le; y as bool. */
  default Tensor le(Tensor y) {
    return Eager.binary(Names.LE, Fn.GE, y, self());
  }

  /** x &le; c as bool. */
  default Tensor le(double c) {
    return Eager.scalar(Names.LE, Fn.GE, self(), c, true);
  }

  /** Whether elements are equal, as bool. */
  default Tensor eq(Tensor y) {
    return Eager.binary(Names.EQ, Fn.EQ, self(), y);
  }

  /** Whether elements equal c, as bool. */
  default Tensor eq(double c) {
    return Eager.scalar(Names.EQ, Fn.EQ, self(), c, false);
  }

  /** Whether elements equal c, as bool. */
  default Tensor eq(long c) {
    return Eager.scalar(Names.EQ, Fn.EQ, self(), c, false);
  }

  /** Whether elements differ, as bool. */
  default Tensor ne(Tensor y) {
    return Eager.binary(Names.NE, Fn.NE, self(), y);
  }

  /** Whether elements differ from c, as bool. */
  default Tensor ne(double c) {
    return Eager.scalar(Names.NE, Fn.NE, self(), c, false);
  }

  /** Bitwise and; logical for bool. */
  default Tensor and(Tensor y) {
    return bits(Names.AND, Fn.AND, y);
  }

  /** Bitwise or; logical for bool. */
  default Tensor or(Tensor y) {
    return bits(Names.OR, Fn.OR, y);
  }

  /** Bitwise exclusive or; logical for bool. */
  default Tensor xor(Tensor y) {
    return bits(Names.XOR, Fn.XOR, y);
  }

  /** Bitwise complement; logical for bool. */
  default Tensor not() {
    if (self().dtype().floating()) {
      throw new org.cotangent.errors.DTypeException("not: needs bool or integers, not " + self().dtype());
    }
    return Eager.unary(Names.NOT, Fn.NOT, self());
  }

  private Tensor bits(OpName op, Fn f, Tensor y) {
    if (Eager.resultType(self(), y).floating()) {
      throw new org.cotangent.errors.DTypeException(op.name() + ": needs bool or integers, not " + self().dtype() + " and " + y.dtype());
    }
    return Eager.binary(op, f, self(), y);
  }

  /** -x. */
  default Tensor neg() {
    if (self().dtype() == DType.BOOL) {
      throw new org.cotangent.errors.DTypeException("neg: a bool has no negative; use not()");
    }
    return Eager.unary(Names.NEG, Fn.NEG, self());
  }

  /** Absolute value; gradient 0 at 0. */
  default Tensor abs() {
    return Eager.unary(Names.ABS, Fn.ABS, self());
  }

  /** -1, 0 or 1; 0 for NaN. */
  default Tensor sign() {
    return Eager.unary(Names.SIGN, Fn.SIGN, self());
  }

  /** Largest integer not above. */
  default Tensor floor() {
    return Eager.unary(Names.FLOOR, Fn.FLOOR, self());
  }

  /** Smallest integer not below. */
  default Tensor ceil() {
    return Eager.unary(Names.CEIL, Fn.CEIL, self());
  }

  /** Nearest integer, ties to even. */
  default Tensor round() {
    return Eager.unary(Names.ROUND, Fn.ROUND, self());
  }

  /** Integer part. */
  default Tensor trunc() {
    return Eager.unary(Names.TRUNC, Fn.TRUNC, self());
  }

  /** Square root. */
  default Tensor sqrt() {
    return Eager.floating(Names.SQRT, Fn.SQRT, self());
  }

  /** 1 / sqrt(x). */
  default Tensor rsqrt() {
    return Eager.floating(Names.RSQRT, Fn.RSQRT, self());
  }

  /** x * x. */
  default Tensor square() {
    Tensor x = self().dtype() == DType.BOOL ? self().to(DType.INT64) : self();
    return Eager.expression(Names.POW, call(Fn.MUL, arg(0), arg(0)), x);
  }

  /** 1 / x. */
  default Tensor reciprocal() {
    return Eager.floating(Names.RECIPROCAL, call(Fn.DIV, Expr.ONE, arg(0)), self());
  }

  /** e to the power x. */
  default Tensor exp() {
    return Eager.floating(Names.EXP, Fn.EXP, self());
  }

  /** exp(x) - 1, accurate near 0. */
  default Tensor expm1() {
    return Eager.floating(Names.EXPM1, Fn.EXPM1, self());
  }

  /** Natural logarithm. */
  default Tensor log() {
    return Eager.floating(Names.LOG, Fn.LOG, self());
  }

  /** log(1 + x), accurate near 0. */
  default Tensor log1p() {
    return Eager.floating(Names.LOG1P, Fn.LOG1P, self());
  }

  /** Logarithm to base 2. */
  default Tensor log2() {
    return Eager.floating(Names.LOG2, Fn.LOG2, self());
  }

  /** Logarithm to base 10. */
  default Tensor log10() {
    return Eager.floating(Names.LOG10, Fn.LOG10, self());
  }

  /** Sine, radians. */
  default Tensor sin() {
    return Eager.floating(Names.SIN, Fn.SIN, self());
  }

  /** Cosine, radians. */
  default Tensor cos() {
    return Eager.floating(Names.COS, Fn.COS, self());
  }

  /** Tangent, radians. */
  default Tensor tan() {
    return Eager.floating(Names.TAN, Fn.TAN, self());
  }

  /** Arc sine, radians. */
  default Tensor asin() {
    return Eager.floating(Names.ASIN, Fn.ASIN, self());
  }

  /** Arc cosine, radians. */
  default Tensor acos() {
    return Eager.floating(Names.ACOS, Fn.ACOS, self());
  }

  /** Arc tangent, radians. */
  default Tensor atan() {
    return Eager.floating(Names.ATAN, Fn.ATAN, self());
  }

  /** Hyperbolic sine; infinite where exp(|x|) overflows, as PyTorch's vector kernels are. */
  default Tensor sinh() {
    return Eager.floating(Names.SINH, Fn.SINH, self());
  }

  /** Hyperbolic cosine; infinite where exp(|x|) overflows, as PyTorch's vector kernels are. */
  default Tensor cosh() {
    return Eager.floating(Names.COSH, Fn.COSH, self());
  }

  /** Hyperbolic tangent. */
  default Tensor tanh() {
    return Eager.floating(Names.TANH, Fn.TANH, self());
  }

  /** Inverse hyperbolic sine. */
  default Tensor asinh() {
    return Eager.floating(Names.ASINH, Fn.ASINH, self());
  }

  /** Inverse hyperbolic cosine. */
  default Tensor acosh() {
    return Eager.floating(Names.ACOSH, Fn.ACOSH, self());
  }

  /** Inverse hyperbolic tangent. */
  default Tensor atanh() {
    return Eager.floating(Names.ATANH, Fn.ATANH, self());
  }

  /** Error function. */
  default Tensor erf() {
    return Eager.floating(Names.ERF, Fn.ERF, self());
  }

  /** 1 - erf(x), accurate for large x. */
  default Tensor erfc() {
    return Eager.floating(Names.ERFC, Fn.ERFC, self());
  }

  /** Inverse of the error function. */
  default Tensor erfinv() {
    return Eager.floating(Names.ERFINV, Fn.ERFINV, self());
  }

  /** 1 / (1 + exp(-x)). */
  default Tensor sigmoid() {
    return Eager.floating(Names.SIGMOID, Fn.SIGMOID, self());
  }

  /** log(1 + exp(x)). */
  default Tensor softplus() {
    return Eager.floating(Names.SOFTPLUS, Fn.SOFTPLUS, self());
  }

  /** log(sigmoid(x)) = -softplus(-x). */
  default Tensor logSigmoid() {
    return Eager.floating(Names.LOG_SIGMOID, call(Fn.SUB, Expr.ZERO, call(Fn.SOFTPLUS, call(Fn.NEG, arg(0)))), self());
  }

  /** x where positive, else 0; gradient 0 at 0; NaN stays. */
  default Tensor relu() {
    return Eager.unary(Names.RELU, Fn.RELU, self());
  }

  /** x Φ(x) with the normal distribution function: x (1 + erf(x / √2)) / 2 (Hendrycks and Gimpel 2016). */
  default Tensor gelu() {
    Expr phi = call(Fn.ADD, Expr.ONE, call(Fn.ERF, call(Fn.MUL, arg(0), constant(Math.sqrt(0.5)))));
    return Eager.floating(Names.GELU, call(Fn.MUL, call(Fn.MUL, constant(0.5), arg(0)), phi), self());
  }

  /** x sigmoid(x). */
  default Tensor silu() {
    return Eager.floating(Names.SILU, call(Fn.MUL, arg(0), call(Fn.SIGMOID, arg(0))), self());
  }

  /**
   * x limited to [low, high]; high where low is above it. The gradient passes inside and at the bounds. NaN stays. Integers become
   * float32.
   */
  default Tensor clamp(double low, double high) {
    return Eager.floating(Names.CLAMP, clamped(low, high), self());
  }

  /** x limited to [low, high]; integers stay integers. */
  default Tensor clamp(long low, long high) {
    return Eager.expression(Names.CLAMP, clamped(low, high), self().dtype() == DType.BOOL ? self().to(DType.INT64) : self());
  }

  private static Expr clamped(double low, double high) {
    Expr inside = call(Fn.AND, call(Fn.GE, arg(0), constant(low)), call(Fn.GE, constant(high), arg(0)));
    if (Double.isNaN(low) || Double.isNaN(high)) {
      return where(inside, arg(0), constant(Double.NaN));
    }
    Expr above = low > high ? call(Fn.EQ, arg(0), arg(0)) : call(Fn.GT, arg(0), constant(high));
    Expr below = where(call(Fn.GT, constant(low), arg(0)), constant(low), constant(Double.NaN));
    return where(inside, arg(0), where(above, constant(high), below));
  }

  /** Whether elements are NaN, as bool. */
  default Tensor isNan() {
    return Eager.expression(Names.ISNAN, call(Fn.NE, arg(0), arg(0)), self());
  }

  /** Whether elements are neither infinite nor NaN, as bool. */
  default Tensor isFinite() {
    return Eager.floating(Names.ISFINITE, call(Fn.EQ, call(Fn.SUB, arg(0), arg(0)), Expr.ZERO), self());
  }

  /**
   * Elements converted to another type: floating to integer toward zero, anything to bool as x ≠ 0. The same tensor if it has that
   * type already.
   */
  default Tensor to(DType t) {
    return self().dtype() == t ? self() : Eager.apply(Names.TO, Pointwise.of(Expr.cast(t, arg(0))), self());
  }
}
