package org.cotangent;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;

import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Quantiles, modes, extremes in pairs and covariances of {@link Tensor}; axes as in {@link TensorReduce}. */
public sealed interface TensorQuantiles permits Tensor {
  /** Which number stands for a quantile between two elements. */
  enum Interpolation {
    /** On the line between them. */
    LINEAR,
    /** The smaller. */
    LOWER,
    /** The larger. */
    HIGHER,
    /** The nearer; halfway, that with the even place. */
    NEAREST,
    /** Halfway. */
    MIDPOINT
  }

  /** The smallest and the largest elements. */
  record Extremes(Tensor min, Tensor max) {}

  private Tensor self() {
    return (Tensor) this;
  }

  /** Quantiles q, [] or [k], of all elements: [] or [k]. NaN if there is one. */
  default Tensor quantile(Tensor q, Interpolation between) {
    return self().reshape(-1).quantile(q, 0, false, between);
  }

  /** Quantiles q, [] or [k], along an axis; those of a vector q are a new axis 0. NaN where there is one. */
  default Tensor quantile(Tensor q, int axis, boolean keepdim, Interpolation between) {
    return quantile("quantile", q, axis, keepdim, between, false);
  }

  /** Quantile q of all elements, on the line between neighbours. */
  default Tensor quantile(double q) {
    return quantile(Tensor.full(Shape.SCALAR, q, self().dtype(), self().device()), Interpolation.LINEAR);
  }

  /** Quantiles q of all elements that are numbers. */
  default Tensor nanQuantile(Tensor q, Interpolation between) {
    return self().reshape(-1).nanQuantile(q, 0, false, between);
  }

  /** Quantiles q along an axis of the elements that are numbers; NaN where there is none. */
  default Tensor nanQuantile(Tensor q, int axis, boolean keepdim, Interpolation between) {
    return quantile("nanQuantile", q, axis, keepdim, between, true);
  }

  private Tensor quantile(String op, Tensor q, int axis, boolean keepdim, Interpolation between, boolean skip) {
    Eager.requireFloating(op, self());
    if (q.dtype() != self().dtype()) {
      throw new DTypeException(op + ": types differ: " + self().dtype() + " and " + q.dtype() + "; convert one with to(dtype)");
    }
    if (q.rank() > 1) {
      throw new ShapeException(op + ": the quantiles are " + q.shape() + "; expected [] or [k]");
    }
    Tensor known = q.detach();
    if (q.size() > 0 && Eager.readable(known) && known.ge(0).logicalAnd(known.le(1)).all().itemLong() == 0) {
      throw new ArgumentException(op + ": a quantile is not between 0 and 1: " + known);
    }
    Tensor x = self().rank() == 0 ? self().reshape(1) : self();
    int a = self().shape().axis(op, axis);
    int n = x.size(a);
    if (n == 0) {
      throw new ShapeException(op + ": axis " + axis + " of " + self().shape() + " is empty");
    }
    return Eager.single(OpName.of(op), x, own -> {
      Tensor sorted = own.movedim(a, -1).sort(-1).values();
      Tensor ranks = ranks(sorted.detach(), q.reshape(-1).to(own.dtype()), n, skip);
      Tensor y = between(sorted, ranks, between);
      Tensor out = (keepdim && self().rank() > 0 ? y.unsqueeze(a) : y).movedim(-1, 0);
      return q.rank() == 0 ? out.select(0, 0) : out;
    });
  }

  /** The places [..., k] of quantiles among sorted elements [..., n]; where NaN counts, its place. */
  private static Tensor ranks(Tensor sorted, Tensor q, int n, boolean skip) {
    Tensor nan = sorted.isNan();
    if (skip) {
      Tensor count = nan.logicalNot().to(q.dtype()).sum(new int[] {-1}, true);
      return count.sub(1).clampMin(0.0).mul(q);
    }
    Tensor ranks = q.mul((double) (n - 1));
    Tensor last = Tensor.full(Shape.SCALAR, n - 1, q.dtype(), q.device());
    return Tensor.where(nan.any(new int[] {-1}, true), last, ranks);
  }

  private static Tensor between(Tensor sorted, Tensor ranks, Interpolation between) {
    Tensor r = ranks.expand(sorted.shape().with(-1 + sorted.rank(), ranks.size(-1)).dims());
    Tensor exact = switch (between) {
      case LOWER -> r.floor();
      case HIGHER -> r.ceil();
      case NEAREST -> r.round();
      default -> r;
    };
    Tensor below = exact.detach().floor();
    Tensor low = sorted.gather(-1, below.to(DType.INT64));
    if (between != Interpolation.LINEAR && between != Interpolation.MIDPOINT) {
      return low;
    }
    Tensor high = sorted.gather(-1, exact.detach().ceil().to(DType.INT64));
    return between == Interpolation.LINEAR ? low.lerp(high, exact.sub(below)) : low.lerp(high, 0.5);
  }

  /** The median of the elements that are numbers, the lower of two; equal elements share the gradient evenly. */
  default Tensor nanMedian() {
    Tensor middle = self().detach().reshape(-1).nanMedian(0, false).values();
    return shared(self(), middle);
  }

  private static Tensor shared(Tensor x, Tensor middle) {
    if (!x.dtype().floating()) {
      return middle;
    }
    return Gate.named(OpName.of("nanMedian", "Nanmedian"), () -> {
      Tensor low = Tensor.full(Shape.SCALAR, Double.NEGATIVE_INFINITY, x.dtype(), x.device());
      Tensor nan = x.isNan().and(middle.isNan());
      return Tensor.where(x.eq(middle).or(nan).detach(), x, low).max();
    });
  }

  /** The median along an axis of the elements that are numbers, the lower of two, with its index; NaN where there is none. */
  default Indexed nanMedian(int axis, boolean keepdim) {
    Shape s = self().shape();
    int a = s.axis("nanMedian", axis);
    if (s.rank() > 0 && s.dim(a) == 0) {
      throw new ShapeException("nanMedian: axis " + axis + " of " + s + " is empty");
    }
    Indexed sorted = self().sort(a);
    if (s.rank() == 0) {
      return sorted;
    }
    Tensor v = sorted.values().detach();
    Tensor numbers = v.dtype().floating() ? v.isNan().logicalNot() : Tensor.full(v.shape(), 1, DType.BOOL, v.device());
    Tensor count = numbers.to(DType.INT64).sum(new int[] {a}, true);
    Tensor at = count.sub(1L).clampMin(0L).floorDivide(2L);
    return picked(sorted, at, a, keepdim);
  }

  private static Indexed picked(Indexed sorted, Tensor at, int axis, boolean keepdim) {
    Tensor v = sorted.values().gather(axis, at);
    Tensor i = sorted.indices().gather(axis, at);
    return keepdim ? new Indexed(v, i) : new Indexed(v.squeeze(axis), i.squeeze(axis));
  }

  /** The most frequent element along an axis, the smallest of several, with the last of its indices, which gets the gradient. */
  default Indexed mode(int axis, boolean keepdim) {
    Shape s = self().shape();
    int a = s.axis("mode", axis);
    if (s.rank() > 0 && s.dim(a) == 0) {
      throw new ShapeException("mode: axis " + axis + " of " + s + " is empty");
    }
    if (s.rank() == 0) {
      return new Indexed(self().copy(), Tensor.scalar(0L).to(self().device()));
    }
    return Gate.named(OpName.of("mode"), () -> {
      Indexed sorted = self().sort(a);
      return picked(sorted, longestRun(sorted.values().detach(), a), a, keepdim);
    });
  }

  /** Where the longest run of equal neighbours ends; of several the first. */
  private static Tensor longestRun(Tensor v, int axis) {
    int n = v.size(axis);
    int[] own = new int[v.rank()];
    java.util.Arrays.fill(own, 1);
    own[axis] = n;
    Tensor place = Tensor.arange(n).to(v.device()).reshape(own).expand(v.shape().dims());
    Tensor changes = v.narrow(axis, 1, n - 1).ne(v.narrow(axis, 0, n - 1));
    Tensor edge = Tensor.full(v.shape().with(axis, 1), 1, DType.BOOL, v.device());
    Tensor none = Tensor.zerosLike(place);
    Tensor begins = Tensor.where(Tensor.cat(axis, edge, changes), place, none).cummax(axis).values();
    Tensor length = place.sub(begins).add(1L);
    return Tensor.where(Tensor.cat(axis, changes, edge), length, none).argmax(axis, true);
  }

  /** The smallest and the largest of all elements; ties share the gradient evenly. */
  default Extremes aminmax() {
    return new Extremes(self().min(), self().max());
  }

  /** The smallest and the largest elements along an axis, [1] for a kept axis of a scalar; ties share the gradient evenly. */
  default Extremes aminmax(int axis, boolean keepdim) {
    int[] a = {axis};
    if (self().rank() == 0 && keepdim) {
      Extremes e = aminmax(axis, false);
      return new Extremes(e.min().reshape(1), e.max().reshape(1));
    }
    return new Extremes(self().amin(a, keepdim), self().amax(a, keepdim));
  }

  // ---- covariances

  /** Covariances of variables in rows [v, n] → [v, v]; a vector gives its variance. The denominator is n - 1. */
  default Tensor cov() {
    return covariance(1, java.util.Optional.empty());
  }

  /** Covariances with n - correction in the denominator. */
  default Tensor cov(int correction) {
    return covariance(correction, java.util.Optional.empty());
  }

  /**
   * Covariances of observations that count {@code frequencies} times (integers [n]) and with {@code weights} [n]; either may be ones.
   *
   * @throws ShapeException if there are not as many as observations
   * @throws ArgumentException if one is negative; inside a transform, where they cannot be read, this is not checked
   */
  default Tensor cov(int correction, Tensor frequencies, Tensor weights) {
    if (frequencies.dtype().floating()) {
      throw new DTypeException("cov: frequencies are integers, not " + frequencies.dtype());
    }
    int n = self().rank() == 0 ? 1 : self().size(-1);
    for (Tensor w : new Tensor[] {frequencies, weights}) {
      if (w.rank() > 1 || w.size() != n) {
        throw new ShapeException("cov: weights " + w.shape() + " do not fit the " + n + " observations of " + self().shape());
      }
      if (w.size() > 0 && Eager.readable(w.detach()) && w.detach().lt(0).any().itemLong() != 0) {
        throw new ArgumentException("cov: a weight is negative: " + w.detach());
      }
    }
    return covariance(correction, java.util.Optional.of(new Tensor[] {frequencies.reshape(-1), weights.reshape(-1)}));
  }

  private Tensor covariance(int correction, java.util.Optional<Tensor[]> given) {
    if (self().rank() > 2 || self().dtype() == DType.BOOL) {
      throw new ShapeException("cov: needs numbers with at most two axes, not " + self().dtype() + " " + self().shape());
    }
    OpName op = OpName.of("cov");
    boolean once = given.isEmpty() || given.get()[1].dtype() == self().dtype();
    return once ? Eager.single(op, self(), x -> covariance(x, correction, given))
        : Gate.named(op, () -> covariance(self(), correction, given));
  }

  private static Tensor covariance(Tensor of, int correction, java.util.Optional<Tensor[]> given) {
    Tensor own = of.dtype().floating() ? of : of.to(DType.FLOAT32);
    Tensor x = own.rank() < 2 ? own.reshape(1, -1) : own;
    int n = x.size(1);
    Tensor mean = x.mean(new int[] {1}, true);
    Tensor centred = x.sub(mean);
    Tensor scaled = centred;
    Tensor norm = Eager.weak(x, (double) (n - correction));
    if (given.isPresent()) {
      Tensor a = given.get()[1].dtype().half() ? given.get()[1].to(own.dtype()) : given.get()[1];
      Tensor w = given.get()[0].mul(a);
      Tensor sum = w.sum();
      centred = x.sub(x.mul(w).sum(new int[] {1}, true).div(sum));
      scaled = centred.mul(w);
      norm = sum.sub(w.mul(a).sum().mul((double) correction).div(sum));
    }
    Tensor c = scaled.matmul(centred.t()).div(norm.clampMin(0.0));
    return c.size() == 1 ? c.reshape() : c;
  }

  /** Correlations of variables in rows [v, n] → [v, v], limited to [-1, 1]; a vector gives 1. */
  default Tensor corrcoef() {
    return Eager.single(OpName.of("corrcoef"), self(), x -> {
      Tensor c = x.cov();
      if (c.rank() == 0) {
        return c.div(c);
      }
      Tensor d = c.diagonal().sqrt();
      return c.div(d.unsqueeze(1)).div(d.unsqueeze(0)).clamp(-1.0, 1.0);
    });
  }

  /** Slices along an axis scaled down to a p-norm of at most {@code most} each. */
  default Tensor renorm(double p, int axis, double most) {
    Shape s = self().shape();
    int a = s.axis("renorm", axis);
    if (!(p > 0) || !(most >= 0)) {
      throw new ArgumentException("renorm: the order " + p + " must be positive and the norm " + most + " not negative");
    }
    if (s.rank() < 2) {
      throw new ShapeException("renorm: needs at least two axes: " + s);
    }
    Expr limit = constant(most);
    Expr factor = Expr.where(
        call(Fn.GT, arg(0), limit), call(Fn.DIV, limit, call(Fn.ADD, arg(0), constant(1e-7))), Expr.ONE);
    return Eager.single(OpName.of("renorm"), self(), x -> {
      Tensor norm = x.norm(p, s.complement(a), true);
      return x.mul(Eager.expression(OpName.of("renorm"), Expr.cast(norm.dtype(), factor), norm));
    });
  }
}
