package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** The partial inverse of max pooling, and max pooling of windows at random places. */
public final class Unpooling {
  private Unpooling() {}

  /**
   * Zeros but for the elements of x at their positions: [n, c, d...] or [c, d...] with positions of the same shape, as {@link
   * Pooling#maxPool2dWithIndices} gives them → [n, c, size...]. The number of spatial axes is that of {@code size}.
   *
   * <p>A position named several times, as by windows that overlap, holds the last of its elements, which are equal then; each of them
   * gets that position's whole gradient, as in PyTorch.
   *
   * @throws ShapeException if x and positions differ in shape or do not fit the size
   * @throws org.cotangent.errors.IndexException if a position is not within the size
   */
  public static Tensor maxUnpool(Tensor x, Tensor indices, int... size) {
    String op = "maxUnpool";
    int n = size.length;
    if (n < 1 || x.rank() != n + 1 && x.rank() != n + 2) {
      throw new ShapeException(op + ": input to max_unpooling should be a " + (n + 1) + "d or " + (n + 2) + "d tensor, but got "
          + x.shape());
    }
    if (!indices.shape().equals(x.shape())) {
      throw new ShapeException(op + ": expected shape of indices to be same as that of the input tensor (" + x.shape() + "), but got "
          + indices.shape());
    }
    if (indices.dtype() != DType.INT64) {
      throw new DTypeException(op + ": elements in indices should be int64, but got " + indices.dtype());
    }
    if (Arrays.stream(size).anyMatch(s -> s < 0)) {
      throw new ArgumentException(op + ": the size is negative: " + Arrays.toString(size));
    }
    Shape lead = x.shape().range(0, x.rank() - n);
    int count = Math.toIntExact(Shape.of(size).size());
    return Gate.named(OpName.of(op, "MaxUnpool" + n + "D"), () -> {
      if (x.size() == 0) {
        return Tensor.full(lead.append(size), 0, x.dtype(), x.device());
      }
      Tensor zeros = Tensor.full(lead.append(count), 0, x.dtype(), x.device());
      Tensor at = indices.flatten(lead.rank(), -1);
      Tensor v = x.flatten(lead.rank(), -1);
      Tensor sum = zeros.scatterAdd(-1, at, v);
      Tensor last = zeros.scatter(-1, at, v.detach());
      return Primitives.pointwise(Expr.withSlopeOf(Expr.arg(0), Expr.arg(1)), sum, last).reshape(lead.append(size).dims());
    });
  }

  /**
   * {@link #maxUnpool(Tensor, Tensor, int...)} to the size from which the pooling {@code options} lead to that of x: (d - 1) stride -
   * 2 padding + kernel along each axis.
   *
   * @param axes number of spatial axes
   */
  public static Tensor maxUnpool(Tensor x, Tensor indices, int axes, PoolOptions options) {
    if (axes < 1 || x.rank() != axes + 1 && x.rank() != axes + 2) {
      throw new ShapeException("maxUnpool: input should be a " + (axes + 1) + "d or " + (axes + 2) + "d tensor, but got " + x.shape());
    }
    return maxUnpool(x, indices, size(x, axes, options));
  }

  /** The default size of {@link #maxUnpool(Tensor, Tensor, int, PoolOptions)}. */
  static int[] size(Tensor x, int axes, PoolOptions o) {
    int[] kernel = Padding.each("maxUnpool", "kernel", axes, o.kernel());
    int[] stride = o.stride().length == 0 ? kernel : Padding.each("maxUnpool", "stride", axes, o.stride());
    int[] padding = Padding.each("maxUnpool", "padding", axes, o.padding());
    int[] r = new int[axes];
    Arrays.setAll(r, i -> (x.size(x.rank() - axes + i) - 1) * stride[i] + kernel[i] - 2 * padding[i]);
    return r;
  }

  /**
   * Largest elements of windows at pseudo-random places (Graham 2014), with their positions in the spatial axes: [n, c, d...] → [n, c,
   * out...]. With a = (d - kernel) / (out - 1) window i begins at floor((i + u) a) - floor(u a), the last one at d - kernel.
   *
   * @param samples u for each example, channel and spatial axis, from 0 to below 1, [n, c, axes]; of two axes the first u is the
   *     last axis's
   * @throws ShapeException if the windows do not fit
   */
  public static Indexed fractionalMaxPool(Tensor x, int[] kernel, int[] out, Tensor samples) {
    String op = "fractionalMaxPool";
    int n = out.length;
    boolean single = x.rank() == n + 1;
    checkFractional(op, x, kernel, out);
    Tensor in = Padding.examples(x, n);
    if (!samples.shape().equals(Shape.of(in.size(0), in.size(1), n))) {
      throw new ShapeException(op + ": samples " + samples.shape() + " do not fit; expected [" + in.size(0) + ", " + in.size(1) + ", "
          + n + "]");
    }
    return Gate.named(OpName.of(op, "FractionalMaxPool" + n + "D"), () -> {
      int[] lead = {in.size(0), in.size(1)};
      Tensor at = null;
      for (int i = 0; i < n; i++) {
        int d = in.size(i + 2);
        Tensor u = samples.select(2, n == 2 ? 1 - i : i);
        Tensor begin = starts(u, d, kernel[i], out[i]);
        Tensor place = begin.unsqueeze(-1).add(Tensor.arange(kernel[i]).to(x.device()));
        int[] shape = new int[2 + 2 * n];
        Arrays.fill(shape, 1);
        System.arraycopy(lead, 0, shape, 0, 2);
        shape[2 + i] = out[i];
        shape[2 + n + i] = kernel[i];
        Tensor p = place.reshape(shape);
        at = at == null ? p : at.mul((long) d).add(p);
      }
      int area = Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
      int[] windows = Shape.of(lead).append(out).append(area).dims();
      Tensor flat = at.reshape(lead[0], lead[1], -1);
      Tensor wide = in.flatten(2, -1).gather(2, flat).reshape(windows);
      Indexed best = Primitives.top(wide, -1);
      Tensor where = flat.reshape(windows).gather(-1, best.indices().unsqueeze(-1)).squeeze(-1);
      return single ? new Indexed(best.values().squeeze(0), where.squeeze(0)) : new Indexed(best.values(), where);
    });
  }

  private static void checkFractional(String op, Tensor x, int[] kernel, int[] out) {
    int n = out.length;
    boolean ok = (n == 2 || n == 3) && kernel.length == n && (x.rank() == n + 1 || x.rank() == n + 2);
    for (int i = 0; ok && i < n; i++) {
      int d = x.size(x.rank() - n + i);
      ok = kernel[i] > 0 && out[i] > 0 && out[i] + kernel[i] - 1 <= d;
    }
    if (!ok) {
      throw new ShapeException(op + ": windows " + Arrays.toString(kernel) + " and output size " + Arrays.toString(out)
          + " do not fit " + x.shape() + "; output + window - 1 is at most the size");
    }
  }

  /** Where windows begin, int64 [n, c, out]. */
  private static Tensor starts(Tensor u, int size, int kernel, int out) {
    int last = size - kernel;
    Tensor end = Tensor.full(u.shape().append(1), last, DType.INT64, u.device());
    if (out == 1) {
      return end;
    }
    double a = (double) last / (out - 1);
    Tensor i = Tensor.arange(out - 1L).to(u.dtype()).to(u.device());
    Tensor from = u.detach().unsqueeze(-1);
    Tensor begin = i.add(from).mul(a).floor().sub(from.mul(a).floor()).to(DType.INT64);
    return Tensor.cat(-1, begin, end);
  }
}
