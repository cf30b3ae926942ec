package org.cotangent;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

import org.cotangent.errors.DTypeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.OpName;

/** Further pointwise operations of {@link Tensor}; they broadcast as those of {@link TensorMath}. */
public sealed interface TensorElements permits Tensor {
  /** x = mantissa times 2 to the power exponent; the mantissa's magnitude lies in [0.5, 1), or x is 0, infinite or NaN. */
  record Binary(Tensor mantissa, Tensor exponent) {}

  private Tensor self() {
    return (Tensor) this;
  }

  /** The larger of both, the other one where one is NaN; at a tie x gets the gradient. */
  default Tensor fmax(Tensor y) {
    return chosen("fmax", Fn.GE, y);
  }

  /** The smaller of both, the other one where one is NaN; at a tie x gets the gradient. */
  default Tensor fmin(Tensor y) {
    return chosen("fmin", Fn.GT, y);
  }

  private Tensor chosen(String op, Fn larger, Tensor y) {
    Expr a = arg(0);
    Expr b = arg(1);
    Expr own = larger == Fn.GE ? call(Fn.GE, a, b) : call(Fn.GE, b, a);
    return Eager.pointwise(OpName.of(op), where(call(Fn.OR, own, call(Fn.NE, b, b)), a, b), Eager.resultType(self(), y), self(), y);
  }

  /**
   * 0 where x is negative or NaN, 1 where it is positive, the value of {@code atZero} where it is 0. It has no gradient.
   *
   * @throws DTypeException if the types differ
   */
  default Tensor heaviside(Tensor atZero) {
    if (atZero.dtype() != self().dtype()) {
      throw new DTypeException(
          "heaviside: types differ: " + self().dtype() + " and " + atZero.dtype() + "; convert one with to(dtype)");
    }
    DType t = self().dtype();
    Expr x = arg(0);
    Expr step = Expr.cast(t, call(Fn.GT, x, Expr.ZERO));
    return Eager.pointwise(OpName.of("heaviside"), where(call(Fn.EQ, x, Expr.ZERO), arg(1), step), t, self().detach(), atZero.detach());
  }

  /** √(x² + y²), without overflow on the way. */
  default Tensor hypot(Tensor y) {
    Eager.requireFloating("hypot", self());
    Expr a = call(Fn.ABS, arg(0));
    Expr b = call(Fn.ABS, arg(1));
    Expr large = call(Fn.MAX, a, b);
    Expr ratio = call(Fn.DIV, call(Fn.MIN, a, b), large);
    Expr scaled = call(Fn.MUL, large, call(Fn.SQRT, call(Fn.ADD, Expr.ONE, call(Fn.MUL, ratio, ratio))));
    Expr end = constant(Double.POSITIVE_INFINITY);
    Expr infinite = call(Fn.OR, call(Fn.EQ, a, end), call(Fn.EQ, b, end));
    Expr value = where(infinite, end, where(call(Fn.EQ, large, Expr.ZERO), large, scaled));
    Expr slope = call(Fn.SQRT, call(Fn.ADD, call(Fn.MUL, arg(0), arg(0)), call(Fn.MUL, arg(1), arg(1))));
    return Eager.pointwise(OpName.of("hypot"), Expr.withSlopeOf(slope, value), Eager.resultType(self(), y), self(), y);
  }

  /** x times 2 to the power y; integers give float32. */
  default Tensor ldexp(Tensor y) {
    return self().mul(y.rpow(2.0));
  }

  /**
   * Mantissa and exponent (int32) to the base 2.
   *
   * @throws DTypeException for integers
   */
  default Binary frexp() {
    Eager.requireFloating("frexp", self());
    Tensor x = self();
    Tensor a = x.detach().abs();
    Tensor plain = a.isFinite().logicalAnd(a.ne(0));
    Tensor tiny = a.lt(0x1p-100); // lifted out of the subnormal numbers
    Tensor lifted = Tensor.where(tiny, a.mul(0x1p100), a);
    Tensor e = Tensor.where(plain, lifted.log2().floor().add(1), Tensor.zerosLike(a));
    Tensor m = Tensor.where(plain, halved(lifted, e), Tensor.fullLike(a, 0.5)); // log2 may be one off at powers of 2
    e = e.add(m.ge(1).to(e.dtype())).sub(m.lt(0.5).to(e.dtype()));
    Tensor shift = tiny.logicalAnd(plain);
    Tensor mantissa = halved(Tensor.where(shift, x.mul(0x1p100), x), e);
    Tensor exponent = e.sub(shift.to(e.dtype()).mul(100.0));
    return new Binary(mantissa, exponent.to(DType.INT32));
  }

  /** x / 2^e in two steps, neither of which overflows. */
  private static Tensor halved(Tensor x, Tensor e) {
    Tensor half = e.mul(0.5).floor();
    return x.mul(half.neg().rpow(2.0)).mul(half.sub(e).rpow(2.0));
  }

  /** x with NaN as 0 and infinities as the largest finite numbers of the type. */
  default Tensor nanToNum() {
    double most = most(self().dtype());
    return nanToNum(0, most, -most);
  }

  /** x with other numbers for NaN and the infinities; the gradient passes where x is finite. */
  default Tensor nanToNum(double nan, double positive, double negative) {
    if (!self().dtype().floating()) {
      return self().copy();
    }
    Expr x = arg(0);
    Expr low = where(call(Fn.EQ, x, constant(Double.NEGATIVE_INFINITY)), constant(negative), x);
    Expr high = where(call(Fn.EQ, x, constant(Double.POSITIVE_INFINITY)), constant(positive), low);
    return Eager.expression(OpName.of("nanToNum"), where(call(Fn.NE, x, x), constant(nan), high), self());
  }

  private static double most(DType t) {
    return switch (t) {
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.fep127;
      case FLOAT32 -> Float.MAX_VALUE;
      default -> Double.MAX_VALUE;
    };
  }

  /** The number of the type next to x on the way to y. It has no gradient. */
  default Tensor nextafter(Tensor y) {
    Eager.requireFloating("nextafter", self());
    DType t = Eager.resultType(self(), y);
    return t.half() ? Eager.pointwise(OpName.of("nextafter"), Expr.withSlopeOf(Expr.ZERO, nextHalf(t)), t, self(), y)
        : Eager.binary(OpName.of("nextafter"), Fn.NEXTAFTER, self(), y);
  }

  /**
   * In float32, of which the result is rounded to t with p bits: a number between half and one and a half steps away. 1.2 · 2^-p |x| is
   * that in both directions for every x that is not subnormal; there the step is always the least number.
   */
  private static Expr nextHalf(DType t) {
    boolean short16 = t == DType.BFLOAT16;
    Expr x = arg(0);
    Expr y = arg(1);
    Expr size = call(Fn.ABS, x);
    Expr least = constant(short16 ? 0x1p-133 : 0x1p-24);
    Expr part = call(Fn.MUL, constant(short16 ? 1.2 * 0x1p-8 : 1.2 * 0x1p-11), size);
    Expr step = where(call(Fn.GT, constant(short16 ? 0x1p-126 : 0x1p-14), size), least, part);
    Expr outward = call(Fn.EQ, call(Fn.GT, y, x), call(Fn.GT, x, Expr.ZERO));
    Expr moved = where(outward, call(Fn.ADD, size, step), call(Fn.SUB, size, step));
    Expr finite = where(call(Fn.EQ, size, constant(Double.POSITIVE_INFINITY)), constant(most(t)), moved);
    Expr signed = where(call(Fn.EQ, x, Expr.ZERO), call(Fn.COPYSIGN, least, y), call(Fn.COPYSIGN, finite, x));
    Expr unknown = call(Fn.OR, call(Fn.NE, x, x), call(Fn.NE, y, y));
    return where(unknown, call(Fn.ADD, x, y), where(call(Fn.EQ, x, y), y, signed));
  }

  /**
   * Greatest common divisor, not negative; gcd(0, 0) is 0.
   *
   * @throws DTypeException for other types than integers
   */
  default Tensor gcd(Tensor y) {
    integers("gcd", y);
    return Eager.binary(OpName.of("gcd"), Fn.GCD, self(), y);
  }

  /**
   * Least common multiple, not negative; lcm(0, x) is 0.
   *
   * @throws DTypeException for other types than integers
   */
  default Tensor lcm(Tensor y) {
    integers("lcm", y);
    Expr a = arg(0);
    Expr b = arg(1);
    Expr d = call(Fn.MAX, call(Fn.GCD, a, b), Expr.ONE);
    return Eager.pointwise(
        OpName.of("lcm"), call(Fn.ABS, call(Fn.MUL, call(Fn.DIV, a, d), b)), Eager.resultType(self(), y), self(), y);
  }

  private void integers(String op, Tensor y) {
    if (!self().dtype().integer() || !y.dtype().integer()) {
      throw new DTypeException(op + ": needs integers, not " + self().dtype() + " and " + y.dtype());
    }
  }

  // ---- what complex numbers would make of real ones

  /** -1, 0 or 1, as {@link TensorMath#sign}. */
  default Tensor sgn() {
    return self().sign();
  }

  /** 0, or π where x is negative; NaN stays. It has no gradient. */
  default Tensor angle() {
    Expr x = arg(0);
    Expr e = where(call(Fn.GT, Expr.ZERO, x), constant(Math.PI), call(Fn.MUL, Expr.ZERO, call(Fn.SIGN, x)));
    return Eager.floating(OpName.of("angle"), where(call(Fn.NE, x, x), Expr.withSlopeOf(Expr.ZERO, x), e), self());
  }

  /** True everywhere: there are no complex numbers here. */
  default Tensor isReal() {
    return Tensor.full(self().shape(), 1, DType.BOOL, self().device());
  }

  // ---- comparisons of whole tensors, which read the data

  /** Whether shape and elements are equal; no NaN equals another. The types may differ. */
  default boolean equal(Tensor y) {
    return self().shape().equals(y.shape()) && self().eq(y).all().itemLong() != 0;
  }

  /** Whether all elements {@link TensorArithmetic#isClose are close}. */
  default boolean allClose(Tensor y, double relative, double absolute, boolean equalNan) {
    return self().isClose(y, relative, absolute, equalNan).all().itemLong() != 0;
  }
}
