package org.cotangent;

import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Order statistics, counts and reductions that skip NaN, of {@link Tensor}; axes as in {@link TensorReduce}. */
public sealed interface TensorStatistics permits Tensor {
  /** A spread with the mean it was taken around. */
  record Spread(Tensor value, Tensor mean) {}

  private Tensor self() {
    return (Tensor) this;
  }

  /** Product along an axis; integers and bool give int64. */
  default Tensor prod(int axis, boolean keepdim) {
    return self().prod(new int[] {axis}, keepdim);
  }

  private Tensor kept(Tensor y, boolean keepdim, int... axes) {
    if (!keepdim) {
      return y;
    }
    Shape s = self().shape();
    for (int a : Eager.axes("keepdim", s, axes)) {
      s = s.with(a, 1);
    }
    return y.reshape(s.dims());
  }

  /** Whether all elements differ from 0, as bool. */
  default Tensor all(int[] axes, boolean keepdim) {
    return kept(self().all(axes), keepdim, axes);
  }

  /** Whether some element differs from 0, as bool. */
  default Tensor any(int[] axes, boolean keepdim) {
    return kept(self().any(axes), keepdim, axes);
  }

  /** Largest elements along an axis, which stays with size 1 if {@code keepdim}. */
  default TensorReduce.Indexed max(int axis, boolean keepdim) {
    TensorReduce.Indexed r = self().max(axis);
    return new TensorReduce.Indexed(kept(r.values(), keepdim, axis), kept(r.indices(), keepdim, axis));
  }

  /** Smallest elements along an axis, which stays with size 1 if {@code keepdim}. */
  default TensorReduce.Indexed min(int axis, boolean keepdim) {
    TensorReduce.Indexed r = self().min(axis);
    return new TensorReduce.Indexed(kept(r.values(), keepdim, axis), kept(r.indices(), keepdim, axis));
  }

  /** Index of the first largest element along an axis, int64. */
  default Tensor argmax(int axis, boolean keepdim) {
    return kept(self().argmax(axis), keepdim, axis);
  }

  /** Index of the first smallest element along an axis, int64. */
  default Tensor argmin(int axis, boolean keepdim) {
    return kept(self().argmin(axis), keepdim, axis);
  }

  /** Sum with NaN as 0. */
  default Tensor nanSum(int... axes) {
    return nanSum(axes, false);
  }

  /** Sum with NaN as 0. */
  default Tensor nanSum(int[] axes, boolean keepdim) {
    return Gate.named(OpName.of("nanSum", "Nansum"), () -> numbers(self()).sum(axes, keepdim));
  }

  /** Mean of what is not NaN. */
  default Tensor nanMean(int... axes) {
    return nanMean(axes, false);
  }

  /** Mean of what is not NaN. */
  default Tensor nanMean(int[] axes, boolean keepdim) {
    Eager.requireFloating("nanMean", self());
    return Eager.single(OpName.of("nanMean", "Div"), self(), x -> {
      Tensor n = x.isNan().logicalNot().to(x.dtype()).sum(axes, keepdim).detach();
      return numbers(x).sum(axes, keepdim).div(n);
    });
  }

  private static Tensor numbers(Tensor x) {
    return x.dtype().floating() ? x.maskedFill(x.isNan(), 0) : x;
  }

  /** Number of elements that differ from 0, int64. */
  default Tensor countNonzero(int... axes) {
    return self().ne(0).sum(axes);
  }

  /** Variance with n - correction in the denominator, and the mean. */
  default Spread varMean(int[] axes, int correction, boolean keepdim) {
    return new Spread(self().var(axes, correction, keepdim), self().mean(axes, keepdim));
  }

  /** Square root of the variance, and the mean. */
  default Spread stdMean(int[] axes, int correction, boolean keepdim) {
    return new Spread(self().std(axes, correction, keepdim), self().mean(axes, keepdim));
  }

  /** p-norm of x - y over all elements, which broadcast. */
  default Tensor dist(Tensor y, double p) {
    return self().sub(y).norm(p);
  }

  /** Elements in ascending order along axis 0. */
  default Tensor msort() {
    return self().sort(0).values();
  }

  /** Indices that sort an axis, int64; stable. */
  default Tensor argsort(int axis, boolean descending) {
    return self().sort(axis, descending).indices();
  }

  /**
   * The k largest elements along an axis, or smallest, in order, with their indices.
   *
   * @throws ArgumentException if the axis has fewer
   */
  default TensorReduce.Indexed topk(int k, int axis, boolean largest) {
    Shape s = self().shape();
    int a = s.axis("topk", axis);
    int n = s.rank() == 0 ? 1 : s.dim(a);
    if (k < 0 || k > n) {
      throw new ArgumentException("topk: " + k + " of the elements of axis " + axis + " of " + s + "; expected 0 to " + n);
    }
    TensorReduce.Indexed r = self().sort(axis, largest);
    return s.rank() == 0 ? r : new TensorReduce.Indexed(r.values().narrow(a, 0, k), r.indices().narrow(a, 0, k));
  }

  /** The element in the middle, the lower of two; NaN if there is one or no element. Equal elements share the gradient evenly. */
  default Tensor median() {
    Tensor x = self();
    if (x.size() == 0) {
      return Tensor.full(Shape.SCALAR, x.dtype().floating() ? Double.NaN : Long.MIN_VALUE, x.dtype(), x.device());
    }
    Tensor middle = x.detach().reshape(-1).median(0, false).values();
    if (!x.requiresGrad() && x.value() instanceof org.cotangent.lower.Stored) {
      return middle;
    }
    return Gate.named(OpName.of("median"), () -> {
      Tensor low = Tensor.full(Shape.SCALAR, Double.NEGATIVE_INFINITY, x.dtype(), x.device());
      Tensor nan = x.isNan().and(middle.isNan());
      return Tensor.where(x.eq(middle).or(nan).detach(), x, low).max();
    });
  }

  /** The element in the middle of an axis, the lower of two, with its index, which gets the gradient; the first NaN if there is one. */
  default TensorReduce.Indexed median(int axis, boolean keepdim) {
    Shape s = self().shape();
    int a = s.axis("median", axis);
    int n = s.rank() == 0 ? 1 : s.dim(a);
    if (n == 0) {
      throw new ShapeException("median: axis " + axis + " of " + s + " is empty");
    }
    return Gate.named(OpName.of("median"), () -> {
      TensorReduce.Indexed sorted = self().sort(a);
      if (s.rank() == 0) {
        return sorted;
      }
      Tensor at = middle(sorted.values().detach(), a, n);
      Tensor v = sorted.values().gather(a, at);
      Tensor i = sorted.indices().gather(a, at);
      return keepdim ? new TensorReduce.Indexed(v, i) : new TensorReduce.Indexed(v.squeeze(a), i.squeeze(a));
    });
  }

  /** Where the median stands among sorted values, of which NaN are last. */
  private static Tensor middle(Tensor sorted, int axis, int n) {
    Tensor nans = sorted.dtype().floating() ? sorted.isNan().sum(new int[] {axis}, true) : null;
    Shape one = sorted.shape().with(axis, 1);
    Tensor half = Tensor.full(one, (n - 1) / 2, DType.INT64, sorted.device());
    return nans == null ? half : Tensor.where(nans.gt(0), nans.rsub((long) n), half);
  }

  /** Element k of an axis in ascending order, counted from 1, with its index. */
  default TensorReduce.Indexed kthValue(int k, int axis, boolean keepdim) {
    Shape s = self().shape();
    int a = s.axis("kthValue", axis);
    int n = s.rank() == 0 ? 1 : s.dim(a);
    if (k < 1 || k > n) {
      throw new ArgumentException("kthValue: element " + k + " of axis " + axis + " of " + s + "; expected 1 to " + n);
    }
    TensorReduce.Indexed r = self().sort(a);
    if (s.rank() == 0) {
      return r;
    }
    Tensor v = r.values().narrow(a, k - 1, 1);
    Tensor i = r.indices().narrow(a, k - 1, 1);
    return keepdim ? new TensorReduce.Indexed(v, i) : new TensorReduce.Indexed(v.squeeze(a), i.squeeze(a));
  }

  /** Sum of the main diagonal of a matrix. */
  default Tensor trace() {
    if (self().rank() != 2) {
      throw new ShapeException("trace: needs a matrix, not " + self().shape());
    }
    return Gate.named(OpName.of("trace"), () -> self().diagonal().sum());
  }

  /**
   * Differences of neighbours along an axis, {@code n} times.
   *
   * @throws ArgumentException if n is negative
   */
  default Tensor diff(int n, int axis) {
    Shape s = self().shape();
    if (s.rank() == 0) {
      throw new ShapeException("diff: a scalar has no neighbours");
    }
    if (n < 0) {
      throw new ArgumentException("diff: " + n + " times");
    }
    int a = s.axis("diff", axis);
    Tensor x = self();
    for (int i = 0; i < n && x.size(a) > 0; i++) {
      int k = x.size(a) - 1;
      Tensor later = x.narrow(a, 1, k);
      x = x.dtype() == DType.BOOL ? later.xor(x.narrow(a, 0, k)) : later.sub(x.narrow(a, 0, k));
    }
    return x == self() ? x.copy() : x;
  }
}
