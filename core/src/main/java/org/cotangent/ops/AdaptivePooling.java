package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Pooling to a given size: of d elements and o results, result i covers elements floor(i d / o) to ceil((i + 1) d / o). Inputs are
 * [n, c, d...] or [c, d...]; there is one size for each of the trailing axes, and -1 keeps an axis.
 *
 * <p>All throw {@link ShapeException} for inputs without channels or with an empty axis, and {@link ArgumentException} for a negative
 * size.
 */
public final class AdaptivePooling {
  private AdaptivePooling() {}

  private static int[] sizes(String op, Tensor x, int... out) {
    int n = out.length;
    if (n < 1 || x.rank() != n + 1 && x.rank() != n + 2) {
      throw new ShapeException(op + ": expected " + (n + 1) + "D or " + (n + 2) + "D tensor, but got " + x.shape());
    }
    if (!x.dtype().floating()) {
      throw new DTypeException(op + ": needs a floating tensor, not " + x.dtype() + "; convert with to(DType.FLOAT32)");
    }
    int[] r = out.clone();
    for (int i = 0; i < n; i++) {
      int d = x.size(x.rank() - n + i);
      r[i] = out[i] == -1 ? d : out[i];
      if (r[i] < 0) {
        throw new ArgumentException(op + ": elements of output size must be greater than or equal to 0: " + Arrays.toString(out));
      }
      if (d == 0) {
        throw new ShapeException(op + ": expected input to have non-zero size for non-batch dimensions, but got " + x.shape());
      }
    }
    return r;
  }

  private static int from(int i, int size, int out) {
    return (int) ((long) i * size / out);
  }

  private static int to(int i, int size, int out) {
    return (int) (((i + 1L) * size + out - 1) / out);
  }

  /** Means: [n, c, d...] → [n, c, out...]. */
  public static Tensor avgPool(Tensor x, int... out) {
    int[] o = sizes("adaptiveAvgPool", x, out);
    return Primitives.single("adaptiveAvgPool", "AdaptiveAvgPool" + o.length + "D", x, v -> {
      Tensor y = v;
      for (int i = 0; i < o.length; i++) {
        int axis = v.rank() - o.length + i;
        y = v.size(axis) % Math.max(1, o[i]) == 0 && o[i] > 0 ? parts(y, axis, o[i]) : means(y, axis, o[i]);
      }
      return y;
    });
  }

  private static Tensor parts(Tensor x, int axis, int out) {
    int[] d = x.shape().range(0, axis).append(out).append(x.size(axis) / out).append(Padding.from(x, axis + 1).dims()).dims();
    return x.reshape(d).mean(axis + 1);
  }

  /** Sums of what each result covers, over its count; elements that it does not cover do not touch it, were they infinite. */
  private static Tensor means(Tensor x, int axis, int out) {
    int size = x.size(axis);
    int width = widest(size, out);
    boolean[] covered = new boolean[out * width];
    double[] count = new double[out];
    for (int k = 0; k < covered.length; k++) {
      int i = k / width;
      covered[k] = k % width < to(i, size, out) - from(i, size, out);
      count[i] += covered[k] ? 1 : 0;
    }
    Tensor taken = x.transpose(axis, -1).indexSelect(-1, places(size, out, width).to(x.device()));
    Tensor wide = taken.reshape(taken.shape().range(0, x.rank() - 1).append(out).append(width).dims());
    Tensor mask = Tensor.of(covered).to(x.device()).reshape(out, width);
    Tensor sum = Tensor.where(mask, wide, Tensor.full(Shape.SCALAR, 0, x.dtype(), x.device())).sum(-1);
    return sum.div(Tensor.of(count).to(x.dtype()).to(x.device())).transpose(axis, -1);
  }

  /**
   * Largest elements, [n, c, d...] → [n, c, out...], with their positions in the spatial axes; the first of equal ones gets the
   * gradient.
   */
  public static Indexed maxPoolWithIndices(Tensor x, int... out) {
    int[] o = sizes("adaptiveMaxPool", x, out);
    int n = o.length;
    return Gate.named(OpName.of("adaptiveMaxPool", "AdaptiveMaxPool" + n + "D"), () -> {
      int lead = x.rank() - n;
      Shape shape = x.shape().range(0, lead).append(o);
      Tensor numbers = Tensor.arange(Padding.from(x, lead).size()).to(x.device()).reshape(Padding.from(x, lead).dims());
      int all = 1;
      for (int i = 0; i < n; i++) {
        int width = widest(x.size(lead + i), o[i]);
        numbers = Primitives.window(numbers.indexSelect(i, places(x.size(lead + i), o[i], width).to(x.device())), i, width, width, 1);
        all *= width;
      }
      Tensor places = numbers.reshape(Shape.of(o).append(all).dims());
      Tensor wide = x.flatten(lead, -1).indexSelect(-1, places.reshape(-1)).reshape(shape.append(all).dims());
      Indexed best = Primitives.top(wide, -1);
      Tensor named = places.expand(shape.append(all).dims()).gather(-1, best.indices().unsqueeze(-1)).squeeze(-1);
      return new Indexed(best.values(), named);
    });
  }

  private static int widest(int size, int out) {
    int w = 1;
    for (int i = 0; i < out; i++) {
      w = Math.max(w, to(i, size, out) - from(i, size, out));
    }
    return w;
  }

  /** What each result covers, its last element repeated up to the widest. */
  private static Tensor places(int size, int out, int width) {
    long[] r = new long[out * width];
    for (int k = 0; k < r.length; k++) {
      int i = k / width;
      r[k] = Math.min(from(i, size, out) + k % width, to(i, size, out) - 1);
    }
    return Tensor.of(r);
  }
}
