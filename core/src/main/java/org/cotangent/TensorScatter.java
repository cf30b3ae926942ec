package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Copies of {@link Tensor} with values combined at positions, or written over a part. Negative positions count from the end where
 * nothing else is said.
 */
public sealed interface TensorScatter permits Tensor {
  /** How values that meet at one place become one. */
  enum Combination {
    /** Their sum. */
    SUM,
    /** Their product. */
    PROD,
    /** Their mean; of integers rounded down. */
    MEAN,
    /** The largest; ties share the gradient evenly, and a NaN makes every gradient of its place NaN. */
    AMAX,
    /** The smallest; ties share the gradient evenly, and a NaN makes every gradient of its place NaN. */
    AMIN
  }

  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * A copy of x in which y[at[i, j], j] is what v[i, j] and all others of the same place make, for axis 0 and likewise for others; with
   * x's own element among them if {@code includeSelf}. Places without a value keep x.
   *
   * <p>Products and extremes compare each of the n places of the axis with each of its m positions: n · m elements.
   *
   * @throws ShapeException if positions and values do not fit
   * @throws IndexException for a position outside the axis
   */
  default Tensor scatterReduce(int axis, Tensor at, Tensor v, Combination how, boolean includeSelf) {
    String op = "scatterReduce";
    same(op, v);
    Shape s = self().shape();
    int a = s.axis(op, axis);
    Indexing.requireInt64(op, at);
    if (at.size() == 0) {
      return self().copy();
    }
    if (s.rank() == 0 || at.rank() == 0 || v.rank() == 0) {
      if (s.rank() > 1 || at.rank() > 1 || v.rank() > 1) {
        throw new ShapeException(op + ": positions " + at.shape() + ", values " + v.shape() + " and " + s + " differ in number of axes");
      }
      return self().reshape(-1).scatterReduce(0, at.reshape(-1), v.reshape(-1), how, includeSelf).reshape(s.dims());
    }
    if (at.rank() != s.rank() || v.rank() != s.rank()) {
      throw new ShapeException(op + ": positions " + at.shape() + ", values " + v.shape() + " and " + s + " differ in number of axes");
    }
    for (int i = 0; i < s.rank(); i++) {
      if (at.size(i) > v.size(i) || i != a && at.size(i) > s.dim(i)) {
        throw new ShapeException(op + ": positions " + at.shape() + " do not fit values " + v.shape() + " and " + s + " on axis " + axis);
      }
    }
    Tensor i = Indexing.wrapped(at, s.dim(a));
    Tensor src = Indexing.corner(v, at.shape());
    return Gate.named(OpName.of(op), () -> how == Combination.SUM || how == Combination.MEAN
        ? summed(a, i, src, how == Combination.MEAN, includeSelf) : compared(a, i, src, how, includeSelf));
  }

  private void same(String op, Tensor v) {
    if (v.dtype() != self().dtype()) {
      throw new DTypeException(op + ": types differ: " + self().dtype() + " and " + v.dtype() + "; convert one with to(dtype)");
    }
  }

  /** How many values each place gets. */
  private Tensor counts(int axis, Tensor at) {
    Tensor ones = Tensor.full(at.shape(), 1, DType.INT64, at.device());
    return Tensor.full(self().shape(), 0, DType.INT64, at.device()).scatterAdd(axis, at, ones);
  }

  private Tensor summed(int axis, Tensor at, Tensor src, boolean mean, boolean includeSelf) {
    Tensor x = self();
    Tensor count = counts(axis, at);
    Tensor hit = count.gt(0);
    Tensor base = includeSelf ? x : Tensor.where(hit, Tensor.full(Shape.SCALAR, 0, x.dtype(), x.device()), x);
    Tensor sum = base.scatterAdd(axis, at, src);
    if (!mean) {
      return sum;
    }
    Tensor n = includeSelf ? count.add(1L) : count.clampMin(1L);
    return x.dtype().floating() ? sum.div(n.to(x.dtype())) : sum.floorDivide(n).to(x.dtype());
  }

  /** x's elements and all values side by side along a new axis, those of other places replaced by what changes nothing. */
  private Tensor compared(int axis, Tensor at, Tensor src, Combination how, boolean includeSelf) {
    Tensor x = self();
    Shape s = x.shape();
    int n = s.dim(axis);
    int[] own = new int[s.rank() + 1];
    Arrays.fill(own, 1);
    own[axis] = n;
    Tensor hits = at.unsqueeze(axis).eq(Tensor.arange(n).to(at.device()).reshape(own));
    Tensor nothing = neutral(how, x);
    Tensor values = Tensor.where(hits, src.unsqueeze(axis), nothing);
    Tensor hit = counts(axis, at).gt(0);
    Tensor kept = includeSelf ? x : Tensor.where(hit, nothing, x);
    Shape corner = at.shape().with(axis, n);
    Tensor all = Tensor.cat(axis + 1, Indexing.corner(kept, corner).unsqueeze(axis + 1), values);
    int[] reduced = {axis + 1};
    Tensor y = switch (how) {
      case PROD -> all.prod(reduced).to(x.dtype());
      case AMAX -> all.amax(reduced, false);
      default -> all.amin(reduced, false);
    };
    Tensor z = Tensor.where(hit, Indexing.inCorner(y, s), x);
    return how == Combination.PROD || !x.dtype().floating() ? z : z.mul(shares(z.detach(), hit, nothing, counts(axis, at), at.size(axis), includeSelf));
  }

  /**
   * What gradients of extremes z are multiplied with. Where z is what stands for no value, all of the m + 1 elements compared are equal and
   * share a gradient that belongs to the real ones alone; where z is NaN it is NaN, as in PyTorch.
   */
  private static Tensor shares(Tensor z, Tensor hit, Tensor nothing, Tensor count, int m, boolean includeSelf) {
    Tensor real = (includeSelf ? count.add(1L) : count.clampMin(1L)).to(z.dtype());
    Tensor share = real.reciprocal().mul(m + 1.0).maskedFill(z.ne(nothing).or(hit.not()), 1);
    return share.maskedFill(z.isNan(), Double.NaN);
  }

  private static Tensor neutral(Combination how, Tensor x) {
    DType t = x.dtype();
    if (how == Combination.PROD) {
      return Tensor.full(Shape.SCALAR, 1, t, x.device());
    }
    boolean low = how == Combination.AMAX;
    if (t.floating()) {
      return Tensor.full(Shape.SCALAR, low ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY, t, x.device());
    }
    int bits = 8 * t.bytes() - (t == DType.UINT8 ? 0 : 1);
    long most = t == DType.BOOL ? 1 : t == DType.INT64 ? Long.MAX_VALUE : (1L << bits) - 1;
    long least = t == DType.BOOL || t == DType.UINT8 ? 0 : -most - 1;
    return Tensor.scalar(low ? least : most).to(t).to(x.device());
  }

  /** A copy of x in which slices of an axis at positions are combined with those of {@code v}; see {@link #scatterReduce}. */
  default Tensor indexReduce(int axis, Tensor at, Tensor v, Combination how, boolean includeSelf) {
    same("indexReduce", v);
    if (how == Combination.SUM) {
      throw new ArgumentException("indexReduce: sums are indexAdd");
    }
    Tensor x = self().rank() == 0 ? self().reshape(1) : self();
    int a = x.shape().axis("indexReduce", axis);
    Shape want = x.shape().with(a, (int) at.size());
    Tensor y = v.rank() == 0 && want.size() == 1 ? v.reshape(want.dims()) : v;
    if (at.rank() > 1 || !y.shape().equals(want)) {
      throw new ShapeException(
          "indexReduce: values " + v.shape() + " and positions " + at.shape() + " do not fit axis " + axis + " of " + self().shape());
    }
    int[] own = new int[x.rank()];
    Arrays.fill(own, 1);
    own[a] = (int) at.size();
    Tensor wide = Indexing.positions("indexReduce", at).reshape(own).expand(want.dims());
    return Gate.named(OpName.of("indexReduce"), () -> x.scatterReduce(a, wide, y, how, includeSelf).reshape(self().shape().dims()));
  }

  /** A copy with x.flatten()[at] = v, or with v added there if {@code accumulate}; of equal positions the last counts. */
  default Tensor put(Tensor at, Tensor v, boolean accumulate) {
    same("put", v);
    Indexing.requireInt64("put", at);
    if (at.size() != v.size()) {
      throw new ShapeException("put: positions " + at.shape() + " and values " + v.shape() + " differ in number");
    }
    Tensor flat = self().reshape(-1);
    Tensor i = at.reshape(-1);
    Tensor w = v.reshape(-1);
    return (accumulate ? flat.indexAdd(0, i, w, 1) : flat.indexCopy(0, i, w)).reshape(self().shape().dims());
  }

  /**
   * A copy in which the elements where a bool tensor is true are the first ones of {@code v}, in row-major order; the mask broadcasts to
   * x's shape.
   *
   * @throws IndexException if {@code v} has fewer elements
   */
  default Tensor maskedScatter(Tensor mask, Tensor v) {
    same("maskedScatter", v);
    if (mask.dtype() != DType.BOOL) {
      throw new DTypeException("maskedScatter: the mask is " + mask.dtype() + ", not bool");
    }
    Shape s = Shape.broadcast("maskedScatter", self().shape(), mask.shape());
    Tensor m = mask.expand(s.dims()).reshape(-1);
    Tensor x = self().expand(s.dims()).reshape(-1);
    if (v.size() == 0 && m.any().itemLong() == 0) {
      return x.copy().reshape(s.dims());
    }
    Tensor place = m.to(DType.INT64).cumsum(0).sub(1L);
    return Gate.named(OpName.of("maskedScatter"), () -> {
      Tensor at = Tensor.where(m, place, Tensor.zerosLike(place));
      return Tensor.where(m, v.reshape(-1).indexSelect(0, at), x).reshape(s.dims());
    });
  }

  // ---- copies with a part replaced

  /** A copy whose slice at position i of an axis is {@code v}. */
  default Tensor selectScatter(Tensor v, int axis, int i) {
    Tensor y = self().copy();
    return over("selectScatter", y, y.select(axis, i), v);
  }

  /** A copy whose elements start, start + step, ... before stop of an axis are {@code v}; bounds are clipped as in Python. */
  default Tensor sliceScatter(Tensor v, int axis, int start, int stop, int step) {
    Tensor y = self().copy();
    return over("sliceScatter", y, y.slice(axis, start, stop, step), v);
  }

  /** A copy whose diagonal over two axes, {@code offset} above the main one, is {@code v}. */
  default Tensor diagonalScatter(Tensor v, int offset, int axis1, int axis2) {
    Tensor y = self().copy();
    return over("diagonalScatter", y, y.diagonal(offset, axis1, axis2), v);
  }

  private static Tensor over(String op, Tensor y, Tensor part, Tensor v) {
    if (!v.shape().equals(part.shape())) {
      throw new ShapeException(op + ": values " + v.shape() + " do not fit the part " + part.shape() + " of " + y.shape());
    }
    if (part.size() > 0) {
      part.copy_(v);
    }
    return y;
  }

  // ---- elements by strides

  /**
   * The elements offset + Σ i_k stride_k of x in row-major order, for all i below {@code sizes}: a copy, since memory layouts are no part
   * of a tensor's meaning here. Elements taken several times sum their gradients.
   *
   * @throws ShapeException if they reach beyond x
   */
  default Tensor asStrided(int[] sizes, int[] strides, int offset) {
    Tensor at = places("asStrided", sizes, strides, offset);
    return self().reshape(-1).take(at);
  }

  /** A copy in which the elements that {@link #asStrided} takes are {@code v}; of those taken several times the last counts. */
  default Tensor asStridedScatter(Tensor v, int[] sizes, int[] strides, int offset) {
    Tensor at = places("asStridedScatter", sizes, strides, offset);
    if (!v.shape().equals(at.shape())) {
      throw new ShapeException("asStridedScatter: values " + v.shape() + " do not fit the part " + at.shape());
    }
    return self().put(at, v, false);
  }

  private Tensor places(String op, int[] sizes, int[] strides, int offset) {
    if (sizes.length != strides.length || Arrays.stream(sizes).anyMatch(n -> n < 0) || Arrays.stream(strides).anyMatch(n -> n < 0)
        || offset < 0) {
      throw new ShapeException(op + ": sizes " + Arrays.toString(sizes) + ", strides " + Arrays.toString(strides) + " and offset " + offset
          + " are negative or differ in number");
    }
    Shape s = Shape.of(sizes);
    long last = offset;
    for (int i = 0; i < sizes.length; i++) {
      last += (sizes[i] - 1L) * strides[i];
    }
    if (s.size() > 0 && last >= self().size()) {
      throw new ShapeException(op + ": element " + last + " lies beyond the " + self().size() + " of " + self().shape());
    }
    long[] at = new long[Math.toIntExact(s.size())];
    for (int e = 0; e < at.length; e++) {
      long rest = e;
      at[e] = offset;
      for (int i = sizes.length - 1; i >= 0; i--) {
        at[e] += rest % sizes[i] * strides[i];
        rest /= sizes[i];
      }
    }
    return Tensor.of(at, sizes).to(self().device());
  }
}
