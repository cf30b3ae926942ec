package org.cotangent;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Quotient;
import org.cotangent.transform.OpName;

/** Arithmetic of {@link Tensor} with factors, rounding and bounds, and tests of elements; it broadcasts as {@link TensorMath}. */
public sealed interface TensorArithmetic permits Tensor {
  /** What becomes of the fraction of a quotient. */
  enum Rounding {
    /** Down to the next integer. */
    FLOOR,
    /** Toward zero. */
    TRUNC
  }

  private Tensor self() {
    return (Tensor) this;
  }

  /** x + alpha y. */
  default Tensor add(Tensor y, double alpha) {
    return scaled(Names.ADD, Fn.ADD, self(), y, alpha);
  }

  /** x - alpha y. */
  default Tensor sub(Tensor y, double alpha) {
    return scaled(Names.SUB, Fn.SUB, self(), y, alpha);
  }

  /** y - x. */
  default Tensor rsub(Tensor y) {
    return scaled(Names.RSUB, Fn.SUB, y, self(), 1);
  }

  /** y - alpha x. */
  default Tensor rsub(Tensor y, double alpha) {
    return scaled(Names.RSUB, Fn.SUB, y, self(), alpha);
  }

  private static Tensor scaled(OpName op, Fn f, Tensor x, Tensor y, double alpha) {
    DType t = Eager.resultType(x, y);
    if (f == Fn.SUB && (x.dtype() == DType.BOOL || y.dtype() == DType.BOOL)) {
      throw new DTypeException(op.name() + ": needs numbers, not " + x.dtype() + " and " + y.dtype() + "; use xor for bool");
    }
    if (!t.floating() && alpha != Math.rint(alpha)) {
      throw new ArgumentException(
          op.name() + ": the factor " + alpha + " is not an integer, as " + t + " needs; convert with to(DType.FLOAT32)");
    }
    Expr b = alpha == 1 ? arg(1) : call(Fn.MUL, constant(alpha), arg(1));
    return Eager.pointwise(op, call(f, arg(0), b), t, x, y);
  }

  /** x / y, rounded to an integer; integers stay integers. Its gradient is 0. */
  default Tensor div(Tensor y, Rounding rounding) {
    DType t = Eager.resultType(self(), y);
    if (rounding == Rounding.FLOOR) {
      return Eager.pointwise(Names.DIV, floored(t), t, self(), y);
    }
    Expr q = call(Fn.DIV, arg(0), arg(1));
    return Eager.pointwise(Names.DIV, t.floating() ? call(Fn.TRUNC, q) : q, t, self(), y);
  }

  /** x / c, rounded to an integer. */
  default Tensor div(double c, Rounding rounding) {
    return div(Eager.weak(self(), c), rounding);
  }

  /** x / c, rounded to an integer; integers stay integers. */
  default Tensor div(long c, Rounding rounding) {
    return div(Eager.weak(self(), c), rounding);
  }

  /** Largest integer not above x / c; a floating c makes integers float32. */
  default Tensor floorDivide(double c) {
    return self().floorDivide(Eager.weak(self(), c));
  }

  /** Largest integer not above x / c. */
  default Tensor floorDivide(long c) {
    return self().floorDivide(Eager.weak(self(), c));
  }

  /** Floor division; of floating numbers as in Python, where a = (a // b) b + a % b as nearly as can be. */
  static Expr floored(DType t) {
    Expr a = arg(0);
    Expr b = arg(1);
    if (!t.floating()) {
      return call(Fn.DIV, call(Fn.SUB, a, call(Fn.REMAINDER, a, b)), b);
    }
    return Quotient.floor(a, b);
  }

  /** Remainder with the sign of the dividend, as C's fmod. */
  default Tensor fmod(double c) {
    return Eager.scalar(Names.FMOD, Fn.FMOD, self(), c, false);
  }

  /** Remainder with the sign of the dividend, as C's fmod. */
  default Tensor fmod(long c) {
    return Eager.scalar(Names.FMOD, Fn.FMOD, self(), c, false);
  }

  /** c to the power x; a floating c makes integers float32. */
  default Tensor rpow(double c) {
    return Eager.scalar(Names.POW, Fn.POW, self(), c, true);
  }

  /** c to the power x. */
  default Tensor rpow(long c) {
    return Eager.scalar(Names.POW, Fn.POW, self(), c, true);
  }

  /** x to the power y in float64. */
  default Tensor floatPower(Tensor y) {
    return self().to(DType.FLOAT64).pow(y.to(DType.FLOAT64));
  }

  /** x to the power c in float64. */
  default Tensor floatPower(double c) {
    return self().to(DType.FLOAT64).pow(c);
  }

  /** x + value a b. */
  default Tensor addcmul(Tensor a, Tensor b, double value) {
    DType t = Eager.resultType(self(), a, b);
    if (!t.floating() && value != Math.rint(value)) {
      throw new ArgumentException(
          "addcmul: the factor " + value + " is not an integer, as " + t + " needs; convert with to(DType.FLOAT32)");
    }
    Expr product = call(Fn.MUL, arg(1), arg(2));
    Expr scaled = value == 1 ? product : call(Fn.MUL, constant(value), product);
    return Eager.pointwise(OpName.of("addcmul"), call(Fn.ADD, arg(0), scaled), t, self(), a, b);
  }

  /**
   * x + value a / b.
   *
   * @throws DTypeException for integers
   */
  default Tensor addcdiv(Tensor a, Tensor b, double value) {
    DType t = Eager.resultType(self(), a, b);
    if (!Eager.resultType(a, b).floating()) {
      throw new DTypeException(
          "addcdiv: needs floating tensors, not " + a.dtype() + " / " + b.dtype() + "; convert with to(DType.FLOAT32)");
    }
    Expr q = call(Fn.DIV, value == 1 ? arg(1) : call(Fn.MUL, constant(value), arg(1)), arg(2));
    return Eager.pointwise(OpName.of("addcdiv"), call(Fn.ADD, arg(0), q), t, self(), a, b);
  }

  /** x + weight (end - x), exact at weights 0 and 1. */
  default Tensor lerp(Tensor end, Tensor weight) {
    same("lerp", self(), end, weight);
    Eager.requireFloating("lerp", self());
    return Eager.pointwise(OpName.of("lerp"), lerp(arg(2)), self().dtype(), self(), end, weight);
  }

  /** x + weight (end - x), exact at weights 0 and 1. */
  default Tensor lerp(Tensor end, double weight) {
    same("lerp", self(), end);
    Eager.requireFloating("lerp", self());
    return Eager.pointwise(OpName.of("lerp"), lerp(constant(weight)), self().dtype(), self(), end);
  }

  private static Expr lerp(Expr w) {
    Expr d = call(Fn.SUB, arg(1), arg(0));
    Expr small = call(Fn.GT, constant(0.5), w);
    Expr low = call(Fn.ADD, arg(0), call(Fn.MUL, w, d));
    return where(small, low, call(Fn.SUB, arg(1), call(Fn.MUL, d, call(Fn.SUB, Expr.ONE, w))));
  }

  private static void same(String op, Tensor... xs) {
    for (Tensor x : xs) {
      if (x.dtype() != xs[0].dtype()) {
        throw new DTypeException(op + ": types differ: " + xs[0].dtype() + " and " + x.dtype() + "; convert one with to(dtype)");
      }
    }
  }

  // ---- bounds: the gradient goes to x where low ≤ x ≤ high, else to the bound that is taken

  /** x limited to [low, high] element by element; high where low is above it. NaN in either stays. */
  default Tensor clamp(Tensor low, Tensor high) {
    Expr x = arg(0);
    Expr inside = call(Fn.AND, call(Fn.GE, x, arg(1)), call(Fn.GE, arg(2), x));
    Expr above = call(Fn.OR, call(Fn.GT, x, arg(2)), call(Fn.GT, arg(1), arg(2)));
    Expr numbers = call(Fn.AND, call(Fn.EQ, x, x), call(Fn.AND, call(Fn.EQ, arg(1), arg(1)), call(Fn.EQ, arg(2), arg(2))));
    Expr bound = where(numbers, where(above, arg(2), arg(1)), constant(Double.NaN));
    return Eager.pointwise(Names.CLAMP, where(inside, x, bound), Eager.resultType(self(), low, high), self(), low, high);
  }

  /** x, but at least {@code low}. NaN in either stays. */
  default Tensor clampMin(Tensor low) {
    return Eager.pointwise(Names.CLAMP, least(arg(0), arg(1)), Eager.resultType(self(), low), self(), low);
  }

  /** x, but at most {@code high}. NaN in either stays. */
  default Tensor clampMax(Tensor high) {
    return Eager.pointwise(Names.CLAMP, most(arg(0), arg(1)), Eager.resultType(self(), high), self(), high);
  }

  /** x, but at least c. */
  default Tensor clampMin(double c) {
    return Eager.floating(Names.CLAMP, least(arg(0), constant(c)), self());
  }

  /** x, but at most c. */
  default Tensor clampMax(double c) {
    return Eager.floating(Names.CLAMP, most(arg(0), constant(c)), self());
  }

  /** x, but at least c. */
  default Tensor clampMin(long c) {
    return clampMin(Eager.weak(self(), c));
  }

  /** x, but at most c. */
  default Tensor clampMax(long c) {
    return clampMax(Eager.weak(self(), c));
  }

  private static Expr least(Expr x, Expr low) {
    return where(call(Fn.GE, x, low), x, where(call(Fn.GT, low, x), low, constant(Double.NaN)));
  }

  private static Expr most(Expr x, Expr high) {
    return where(call(Fn.GE, high, x), x, where(call(Fn.GT, x, high), high, constant(Double.NaN)));
  }

  // ---- bits, and logic on any type: what is not 0 is true

  /** x times 2 to the power y, of integers; 0 if y is negative or beyond the width. */
  default Tensor bitwiseLeftShift(Tensor y) {
    integers("bitwiseLeftShift", y);
    DType t = Eager.resultType(self(), y);
    return Eager.pointwise(OpName.of("bitwiseLeftShift"), call(Fn.MUL, arg(0), call(Fn.POW, constant(2), arg(1))), t, self(), y);
  }

  /** x divided by 2 to the power y, of integers, rounded down; all bits leave if y is negative or beyond the width. */
  default Tensor bitwiseRightShift(Tensor y) {
    integers("bitwiseRightShift", y);
    DType t = Eager.resultType(self(), y);
    int most = t.bytes() * 8 - (t == DType.UINT8 ? 1 : 2);
    Expr p = call(Fn.POW, constant(2), call(Fn.MAX, Expr.ZERO, call(Fn.MIN, arg(1), constant(most))));
    Expr q = call(Fn.DIV, call(Fn.SUB, arg(0), call(Fn.REMAINDER, arg(0), p)), p);
    Expr rest = where(call(Fn.GT, Expr.ZERO, arg(0)), constant(-1), Expr.ZERO);
    Expr outside = call(Fn.OR, call(Fn.GT, arg(1), constant(most)), call(Fn.GT, Expr.ZERO, arg(1)));
    Expr e = where(outside, rest, q);
    return Eager.pointwise(OpName.of("bitwiseRightShift"), e, t, self(), y);
  }

  private void integers(String op, Tensor y) {
    if (!self().dtype().integer() || !y.dtype().integer()) {
      throw new DTypeException(op + ": needs integers, not " + self().dtype() + " and " + y.dtype());
    }
  }

  /** Whether both are true, as bool. */
  default Tensor logicalAnd(Tensor y) {
    return logical("logicalAnd", Fn.AND, y);
  }

  /** Whether either is true, as bool. */
  default Tensor logicalOr(Tensor y) {
    return logical("logicalOr", Fn.OR, y);
  }

  /** Whether exactly one is true, as bool. */
  default Tensor logicalXor(Tensor y) {
    return logical("logicalXor", Fn.XOR, y);
  }

  private Tensor logical(String op, Fn f, Tensor y) {
    Expr e = call(f, call(Fn.NE, arg(0), Expr.ZERO), call(Fn.NE, arg(1), Expr.ZERO));
    return Eager.pointwise(OpName.of(op), e, Eager.resultType(self(), y), self(), y);
  }

  /** Whether elements are 0, as bool. */
  default Tensor logicalNot() {
    return Eager.expression(OpName.of("logicalNot"), call(Fn.EQ, arg(0), Expr.ZERO), self());
  }

  // ---- tests

  /** Whether elements are infinite, as bool. */
  default Tensor isInf() {
    return test("isInf", call(Fn.EQ, call(Fn.ABS, arg(0)), constant(Double.POSITIVE_INFINITY)));
  }

  /** Whether elements are positive infinity, as bool. */
  default Tensor isPosInf() {
    return test("isPosInf", call(Fn.EQ, arg(0), constant(Double.POSITIVE_INFINITY)));
  }

  /** Whether elements are negative infinity, as bool. */
  default Tensor isNegInf() {
    return test("isNegInf", call(Fn.EQ, arg(0), constant(Double.NEGATIVE_INFINITY)));
  }

  /** Whether elements are negative, -0.0 and NaN with a sign included, as bool. */
  default Tensor signbit() {
    boolean real = self().dtype().floating();
    return Eager.expression(OpName.of("signbit"), call(Fn.GT, Expr.ZERO, real ? call(Fn.COPYSIGN, Expr.ONE, arg(0)) : arg(0)), self());
  }

  private Tensor test(String op, Expr e) {
    return Eager.floating(OpName.of(op), e, self());
  }

  /**
   * Whether elements are close, as bool: |x - y| ≤ absolute + relative |y|, or equal; with {@code equalNan} two NaN are.
   *
   * @throws ArgumentException for negative tolerances
   * @throws DTypeException for different types
   */
  default Tensor isClose(Tensor y, double relative, double absolute, boolean equalNan) {
    if (!(relative >= 0) || !(absolute >= 0)) {
      throw new ArgumentException("isClose: a tolerance is negative: relative " + relative + ", absolute " + absolute);
    }
    same("isClose", self(), y);
    DType t = self().dtype();
    Expr a = t.floating() ? arg(0) : Expr.cast(DType.FLOAT64, arg(0));
    Expr b = t.floating() ? arg(1) : Expr.cast(DType.FLOAT64, arg(1));
    Expr d = call(Fn.ABS, call(Fn.SUB, a, b));
    Expr bound = call(Fn.ADD, constant(absolute), call(Fn.ABS, call(Fn.MUL, constant(relative), b)));
    Expr finite = call(Fn.GT, constant(Double.POSITIVE_INFINITY), d);
    Expr close = call(Fn.OR, call(Fn.EQ, arg(0), arg(1)), call(Fn.AND, finite, call(Fn.GE, bound, d)));
    Expr nans = call(Fn.AND, call(Fn.NE, arg(0), arg(0)), call(Fn.NE, arg(1), arg(1)));
    return Eager.pointwise(OpName.of("isClose"), equalNan ? call(Fn.OR, close, nans) : close, t, self(), y);
  }
}
