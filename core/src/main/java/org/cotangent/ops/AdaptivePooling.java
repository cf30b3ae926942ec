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
    return Gate.named(OpName.of("adaptiveAvgPool", "AdaptiveAvgPool" + o.length + "D"), () -> {
      Tensor y = x;
      for (int i = 0; i < o.length; i++) {
        int axis = x.rank() - o.length + i;
        Tensor weights = weights(x.size(axis), o[i]).to(x.dtype()).to(x.device());
        y = y.transpose(axis, -1).matmul(weights).transpose(axis, -1);
      }
      return y;
    });
  }

  /** [size, out]: 1 / n where a result covers an element. */
  private static Tensor weights(int size, int out) {
    double[] w = new double[size * out];
    for (int i = 0; i < out; i++) {
      int a = from(i, size, out);
      int b = to(i, size, out);
      for (int k = a; k < b; k++) {
        w[k * out + i] = 1.0 / (b - a);
      }
    }
    return Tensor.of(w, size, out);
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
      Indexed best = wide.max(-1);
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
