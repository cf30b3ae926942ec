package org.cotangent;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.where;

import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.primitive.ArgReduce;
import org.cotangent.primitive.Reduce;
import org.cotangent.primitive.Scan;
import org.cotangent.primitive.Sort;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Reduction;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Reductions, scans and normalisations of {@link Tensor}. Axes may be negative; without axes all are reduced. Reduced axes
 * disappear unless {@code keepdim}.
 *
 * <p>All throw {@link ShapeException} for an axis that does not exist or is named twice.
 */
public sealed interface TensorReduce permits Tensor {
  /** Values with the indices where they stood. */
  record Indexed(Tensor values, Tensor indices) {}

  /** x0, whose slope is NaN where it is NaN: the extreme of one element. */
  Expr ONE_ELEMENT = Expr.call(Fn.MUL, arg(0), where(Expr.call(Fn.EQ, arg(0), arg(0)), Expr.ONE, Expr.constant(Double.NaN)));

  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor reduce(OpName op, Reduction kind, Tensor x, boolean keepdim, int... axes) {
    int[] a = Eager.axes(Gate.nameOr(op.name()), x.shape(), axes);
    boolean nanShares = op != Names.AMAX && op != Names.AMIN;
    Expr same = nanShares || !x.dtype().floating() ? Expr.call(Fn.ADD, arg(0), Expr.ZERO) : ONE_ELEMENT;
    Tensor y = a.length == 0 ? Eager.expression(op, same, x) : Eager.apply(op, new Reduce(kind, a, nanShares), x);
    return keepdim ? keep(op, y, x.shape(), a) : y;
  }

  private static Tensor keep(OpName op, Tensor y, Shape shape, int... axes) {
    Shape s = shape;
    for (int a : axes) {
      s = s.with(a, 1);
    }
    return s.equals(y.shape()) ? y : Eager.apply(op, new org.cotangent.primitive.Reshape(s), y);
  }

  private Tensor summable() {
    return self().dtype().floating() ? self() : self().to(DType.INT64);
  }

  /** Sum; integers and bool give int64. 0 for no elements. */
  default Tensor sum(int... axes) {
    return reduce(Names.SUM, Reduction.SUM, summable(), false, axes);
  }

  /** Sum; integers and bool give int64. */
  default Tensor sum(int[] axes, boolean keepdim) {
    return reduce(Names.SUM, Reduction.SUM, summable(), keepdim, axes);
  }

  /** Mean. */
  default Tensor mean(int... axes) {
    return mean(axes, false);
  }

  /** Mean; NaN for no elements. */
  default Tensor mean(int[] axes, boolean keepdim) {
    Eager.requireFloating("mean", self());
    long n = count("mean", axes);
    return Eager.single(Names.MEAN, self(), x -> x.sum(axes, keepdim).div((double) n));
  }

  private long count(String op, int... axes) {
    long n = 1;
    for (int a : Eager.axes(op, self().shape(), axes)) {
      n *= self().shape().dim(a);
    }
    return n;
  }

  /** Product; integers and bool give int64. Right at zeros in every order of derivative. */
  default Tensor prod(int... axes) {
    return prod(axes, false);
  }

  /** Product; integers and bool give int64. */
  default Tensor prod(int[] axes, boolean keepdim) {
    return reduce(Names.PROD, Reduction.PROD, summable(), keepdim, axes);
  }

  /** Largest element; ties share the gradient evenly, NaN among them. */
  default Tensor max() {
    return reduce(Names.MAX, Reduction.MAX, self(), false);
  }

  /** Smallest element; ties share the gradient evenly, NaN among them. */
  default Tensor min() {
    return reduce(Names.MIN, Reduction.MIN, self(), false);
  }

  /** Largest elements; ties share the gradient evenly, and a NaN makes every gradient along with it NaN. */
  default Tensor amax(int[] axes, boolean keepdim) {
    return reduce(Names.AMAX, Reduction.MAX, self(), keepdim, axes);
  }

  /** Smallest elements; ties share the gradient evenly, and a NaN makes every gradient along with it NaN. */
  default Tensor amin(int[] axes, boolean keepdim) {
    return reduce(Names.AMIN, Reduction.MIN, self(), keepdim, axes);
  }

  /** Largest elements along an axis with the first index of each, which gets the gradient. */
  default Indexed max(int axis) {
    return extreme(Names.MAX, true, axis);
  }

  /** Smallest elements along an axis with the first index of each, which gets the gradient. */
  default Indexed min(int axis) {
    return extreme(Names.MIN, false, axis);
  }

  private Indexed extreme(OpName op, boolean largest, int axis) {
    int a = self().shape().axis(op.name(), axis);
    if (self().rank() == 0) {
      return new Indexed(self().copy(), Tensor.scalar(0L).to(self().device()));
    }
    Value[] y = Gate.apply(op, new ArgReduce(largest, false, a), self().value());
    return new Indexed(new Tensor(y[0]), new Tensor(y[1]));
  }

  /** Index of the first largest element along an axis, int64. */
  default Tensor argmax(int axis) {
    return extreme(Names.ARGMAX, true, axis).indices();
  }

  /** Index of the first smallest element along an axis, int64. */
  default Tensor argmin(int axis) {
    return extreme(Names.ARGMIN, false, axis).indices();
  }

  /** Index of the first largest element of all in row-major order, int64. */
  default Tensor argmax() {
    return self().reshape(-1).argmax(0);
  }

  /** Index of the first smallest element of all in row-major order, int64. */
  default Tensor argmin() {
    return self().reshape(-1).argmin(0);
  }

  /** Whether all elements differ from 0, as bool. */
  default Tensor all(int... axes) {
    return reduce(Names.ALL, Reduction.PROD, self().to(DType.BOOL), false, axes);
  }

  /** Whether some element differs from 0, as bool. */
  default Tensor any(int... axes) {
    return reduce(Names.ANY, Reduction.SUM, self().to(DType.BOOL), false, axes);
  }

  /** Variance with n - 1 in the denominator. */
  default Tensor var(int... axes) {
    return var(axes, 1, false);
  }

  /** Variance with n - correction in the denominator. */
  default Tensor var(int[] axes, int correction, boolean keepdim) {
    Eager.requireFloating("var", self());
    double n = Math.max(0, count("var", axes) - correction);
    return Eager.single(Names.VAR, self(), x -> x.sub(x.mean(axes, true)).square().sum(axes, keepdim).div(n));
  }

  /** Square root of the variance. */
  default Tensor std(int... axes) {
    return std(axes, 1, false);
  }

  /** Square root of the variance. */
  default Tensor std(int[] axes, int correction, boolean keepdim) {
    return Eager.single(Names.STD, self(), x -> x.var(axes, correction, keepdim).sqrt());
  }

  /**
   * p-norm over axes: (sum of |x|^p)^(1/p), the largest |x| for p = infinity, the number of non-zeros for p = 0. Its gradients of
   * all orders at 0 are 0.
   */
  default Tensor norm(double p, int... axes) {
    return norm(p, axes, false);
  }

  /** Euclidean norm of all elements. */
  default Tensor norm() {
    return norm(2);
  }

  /** p-norm over axes; see {@link #norm(double, int...)}. */
  default Tensor norm(double p, int[] axes, boolean keepdim) {
    Eager.requireFloating("norm", self());
    return Eager.single(Names.NORM, self(), x -> {
      Tensor a = x.abs();
      if (p == Double.POSITIVE_INFINITY) {
        return reduce(Names.MAX, Reduction.MAX, a, keepdim, axes);
      }
      if (p == Double.NEGATIVE_INFINITY) {
        return reduce(Names.MIN, Reduction.MIN, a, keepdim, axes);
      }
      if (p == 0) {
        return Eager.expression(Names.NORM, Expr.cast(x.dtype(), call(Fn.NE, arg(0), Expr.ZERO)), x).sum(axes, keepdim);
      }
      if (p == 1) {
        return a.sum(axes, keepdim);
      }
      return root(p, (p == 2 ? x.square() : p < 1 ? flatAtZero(p, a) : a.pow(p)).sum(axes, keepdim));
    });
  }

  /** a^p, with slope 0 at 0. */
  private static Tensor flatAtZero(double p, Tensor a) {
    Expr e = call(Fn.POW, arg(0), Expr.constant(p));
    return Eager.expression(Names.NORM, where(call(Fn.EQ, arg(0), Expr.ZERO), Expr.withSlopeOf(Expr.ZERO, e), e), a);
  }

  /** s^(1/p), with slope 0 at 0. */
  private static Tensor root(double p, Tensor s) {
    Expr zero = call(Fn.EQ, arg(0), Expr.ZERO);
    Expr safe = where(zero, Expr.ONE, arg(0));
    Expr r = p == 2 ? call(Fn.SQRT, safe) : call(Fn.POW, safe, Expr.constant(1 / p));
    Expr end = p < 0 ? Expr.constant(Double.POSITIVE_INFINITY) : Expr.withSlopeOf(Expr.ZERO, arg(0));
    return Eager.expression(Names.NORM, where(zero, end, r), s);
  }

  /** log(sum(exp(x))) over axes, without overflow. */
  default Tensor logSumExp(int[] axes, boolean keepdim) {
    return Eager.single(Names.LOG_SUM_EXP, self(), own -> {
      Tensor x = own.dtype().floating() ? own : own.to(DType.FLOAT32);
      if (count("logSumExp", axes) == 0) {
        return x.sum(axes, keepdim).log();
      }
      Tensor m = x.amax(axes, true).detach();
      Expr most = Expr.constant(x.dtype() == DType.FLOAT64 ? Double.MAX_VALUE : Float.MAX_VALUE);
      Expr infinite = where(call(Fn.GT, arg(0), Expr.ZERO), most, Expr.ZERO);
      Tensor finite = Eager.expression(Names.LOG_SUM_EXP, where(call(Fn.EQ, call(Fn.SUB, arg(0), arg(0)), Expr.ZERO), arg(0), infinite), m);
      Tensor y = x.sub(finite).exp().sum(axes, true).log().add(finite);
      return keepdim ? y : y.squeeze(Eager.axes("logSumExp", x.shape(), axes));
    });
  }

  /** exp(x) / sum(exp(x)) along an axis, without overflow. */
  default Tensor softmax(int axis) {
    return Eager.single(Names.SOFTMAX, self(), own -> {
      Tensor x = own.dtype().floating() ? own : own.to(DType.FLOAT32);
      int[] a = {axis};
      if (x.size() == 0) {
        return x.exp();
      }
      Tensor e = x.sub(x.amax(a, true).detach()).exp();
      return e.mul(e.sum(a, true).reciprocal()); // one division a row
    });
  }

  /** log(softmax(x)) along an axis, accurate for small probabilities. */
  default Tensor logSoftmax(int axis) {
    return Eager.single(Names.LOG_SOFTMAX, self(), own -> {
      Tensor x = own.dtype().floating() ? own : own.to(DType.FLOAT32);
      int[] a = {axis};
      if (x.size() == 0) {
        return x.add(0);
      }
      Tensor s = x.sub(x.amax(a, true).detach());
      return s.sub(s.exp().sum(a, true).log());
    });
  }

  /** Running sum along an axis; integers and bool give int64. */
  default Tensor cumsum(int axis) {
    return scan(Names.CUMSUM, Reduction.SUM, axis);
  }

  /** Running product along an axis; integers and bool give int64. Right at zeros in every order of derivative. */
  default Tensor cumprod(int axis) {
    return scan(Names.CUMPROD, Reduction.PROD, axis);
  }

  private Tensor scan(OpName op, Reduction kind, int axis) {
    int a = self().shape().axis(op.name(), axis);
    Tensor x = summable();
    return x.rank() == 0 ? x.add(0) : Eager.apply(op, new Scan(kind, a, false), x);
  }

  /** Elements in ascending order along an axis with their former indices; stable, NaN last. */
  default Indexed sort(int axis) {
    return sort(axis, false);
  }

  /** Elements in order along an axis with their former indices; stable, NaN counting as largest. */
  default Indexed sort(int axis, boolean descending) {
    int a = self().shape().axis("sort", axis);
    if (self().rank() == 0) {
      return new Indexed(self().copy(), Tensor.scalar(0L).to(self().device()));
    }
    Value[] y = Gate.apply(Names.SORT, new Sort(a, descending), self().value());
    return new Indexed(new Tensor(y[0]), new Tensor(y[1]));
  }

  /** Indices that sort an axis in ascending order, int64. */
  default Tensor argsort(int axis) {
    return sort(axis).indices();
  }
}
