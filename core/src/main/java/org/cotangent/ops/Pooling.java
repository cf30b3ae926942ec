package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorArithmetic.Rounding;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Largest elements and means of windows. Inputs are [n, c, d...] or [c, d...] with one, two or three spatial axes d; the result has
 * floor((d + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 windows along each, rounded up in ceil mode.
 *
 * <p>All throw {@link ShapeException} for inputs that do not fit and {@link ArgumentException} for padding above half a window.
 */
public final class Pooling {
  private final String op;
  private final Tensor x;
  private final int n;
  private final int lead;
  private final int[] kernel;
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final int[] out;
  private final PoolOptions options;

  private Pooling(String op, int n, Tensor x, PoolOptions o) {
    this.op = op;
    this.x = x;
    this.n = n;
    this.options = o;
    this.lead = x.rank() - n;
    kernel = Padding.each(op, "kernel", n, o.kernel());
    stride = o.stride().length == 0 ? kernel : Padding.each(op, "stride", n, o.stride());
    padding = Padding.each(op, "padding", n, o.padding());
    dilation = Padding.each(op, "dilation", n, o.dilation());
    checkInput(op, n, x);
    out = new int[n];
    for (int i = 0; i < n; i++) {
      if (padding[i] > kernel[i] / 2) {
        throw new ArgumentException(op + ": pad should be at most half of kernel size, but got pad=" + padding[i]
            + " and kernel size=" + kernel[i]);
      }
      out[i] = windows(i, x.size(lead + i));
      if (out[i] < 1) {
        throw new ShapeException(op + ": output size is too small: windows " + Arrays.toString(kernel) + " do not fit " + x.shape());
      }
    }
  }

  private static void checkInput(String op, int n, Tensor x) {
    boolean ok = x.rank() == n + 1 || x.rank() == n + 2;
    for (int i = x.rank() == n + 2 ? 1 : 0; ok && i < x.rank(); i++) {
      ok = x.size(i) > 0;
    }
    if (!ok) {
      throw new ShapeException(op + ": expected " + (n + 1) + "D or " + (n + 2)
          + "D (batch mode) tensor with optional 0 dim batch size for input, but got: "
          + x.shape());
    }
  }

  private int windows(int i, int size) {
    int rest = size + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1;
    int count = Math.floorDiv(rest + (options.ceilMode() ? stride[i] - 1 : 0), stride[i]) + 1;
    return options.ceilMode() && (count - 1) * stride[i] >= size + padding[i] ? count - 1 : count;
  }

  /** Largest elements of windows: [n, c, l] → [n, c, m]. */
  public static Tensor maxPool1d(Tensor x, PoolOptions options) {
    return new Pooling("maxPool1d", 1, x, options).largest("MaxPool2DWithIndices");
  }

  /** Largest elements of windows, [n, c, l] → [n, c, m], with their positions; the first of equal ones gets the gradient. */
  public static Indexed maxPool1dWithIndices(Tensor x, PoolOptions options) {
    return new Pooling("maxPool1d", 1, x, options).largestWithIndices("MaxPool2DWithIndices");
  }

  /** Largest elements of windows: [n, c, h, w] → [n, c, oh, ow]. */
  public static Tensor maxPool2d(Tensor x, PoolOptions options) {
    return new Pooling("maxPool2d", 2, x, options).largest("MaxPool2DWithIndices");
  }

  /** Largest elements of windows with their positions h w + w; the first of equal ones gets the gradient. */
  public static Indexed maxPool2dWithIndices(Tensor x, PoolOptions options) {
    return new Pooling("maxPool2d", 2, x, options).largestWithIndices("MaxPool2DWithIndices");
  }

  /** Largest elements of windows: [n, c, d, h, w] → [n, c, od, oh, ow]. */
  public static Tensor maxPool3d(Tensor x, PoolOptions options) {
    return new Pooling("maxPool3d", 3, x, options).largest("MaxPool3DWithIndices");
  }

  /** Largest elements of windows with their positions in the spatial axes, row-major; the first of equal ones gets the gradient. */
  public static Indexed maxPool3dWithIndices(Tensor x, PoolOptions options) {
    return new Pooling("maxPool3d", 3, x, options).largestWithIndices("MaxPool3DWithIndices");
  }

  /** Means of windows: [n, c, l] → [n, c, m]; those of int64 lose their fractions. */
  public static Tensor avgPool1d(Tensor x, PoolOptions options) {
    return new Pooling("avgPool1d", 1, x, options).mean("AvgPool2D");
  }

  /** Means of windows: [n, c, h, w] → [n, c, oh, ow]; those of int64 lose their fractions. */
  public static Tensor avgPool2d(Tensor x, PoolOptions options) {
    return new Pooling("avgPool2d", 2, x, options).mean("AvgPool2D");
  }

  /** Means of windows: [n, c, d, h, w] → [n, c, od, oh, ow]; those of int64 lose their fractions. */
  public static Tensor avgPool3d(Tensor x, PoolOptions options) {
    return new Pooling("avgPool3d", 3, x, options).mean("AvgPool3D");
  }

  /** p-norms of windows, sums kept with their sign: sign(s) relu(|s|)^(1/p) of s = sum x^p. The number of axes is the kernel's. */
  public static Tensor lpPool(Tensor x, double p, PoolOptions options) {
    int axes = options.kernel().length;
    var pool = new Pooling("lpPool", axes, x, options);
    double size = Arrays.stream(pool.kernel).asDoubleStream().reduce(1, (a, b) -> a * b);
    return Primitives.single("lpPool", "Pow", x, v -> {
      Tensor s = new Pooling("lpPool", axes, v.pow(p), options.countIncludePad(true)).mean("AvgPool");
      return s.sign().mul(s.abs().relu()).mul(size).pow(1 / p);
    });
  }

  /** Axis {@code axis} with what is before the first window and just enough for the last one. */
  private Tensor fitted(Tensor t, int axis, int i, double fill) {
    int needed = (out[i] - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1;
    return Padding.alongAxis(t, axis, padding[i], needed - t.size(axis) - padding[i], fill);
  }

  /** Axis by axis, the last first: the first row of a window with its largest element, and the first place of it in that row. */
  private Tensor largest(String grad) {
    return Gate.named(OpName.of(op, grad), () -> {
      Tensor y = x;
      for (int i = n - 1; i >= 0; i--) {
        y = best(i, along(i, y, least())).values();
      }
      return y;
    });
  }

  private Indexed largestWithIndices(String grad) {
    return Gate.named(OpName.of(op, grad), () -> {
      Tensor y = x;
      Tensor places = Tensor.arange(Padding.from(x, lead).size()).to(x.device()).reshape(Padding.from(x, lead).dims()).expand(x.shape().dims());
      for (int i = n - 1; i >= 0; i--) {
        Tensor windows = along(i, y, least());
        int axis = windowAxis(i, windows);
        Indexed best = best(i, windows);
        places = along(i, places, 0).gather(axis, best.indices().unsqueeze(axis)).squeeze(axis);
        y = best.values();
      }
      return new Indexed(y, places);
    });
  }

  /** The largest element of each window, never one of the padding. */
  private Indexed best(int i, Tensor windows) {
    int axis = windowAxis(i, windows);
    Indexed top = Primitives.top(windows, axis);
    if (padding[i] == 0) {
      return top;
    }
    long[] first = new long[out[i]];
    for (int k = 0; k < first.length; k++) {
      first[k] = Math.clamp(Math.ceilDiv(padding[i] - k * stride[i], dilation[i]), 0, kernel[i] - 1);
    }
    int[] along = new int[x.rank()];
    Arrays.fill(along, 1);
    along[lead + i] = out[i];
    Tensor at = top.indices().maximum(Tensor.of(first).to(x.device()).reshape(along));
    return new Indexed(windows.gather(axis, at.unsqueeze(axis)).squeeze(axis), at);
  }

  private double least() {
    return x.dtype().floating() ? Double.NEGATIVE_INFINITY : Long.MIN_VALUE;
  }

  /** Windows along spatial axis i: side by side they are the tensor with that axis in two, otherwise a view with one more axis, the last. */
  private Tensor along(int i, Tensor t, double fill) {
    Tensor y = fitted(t, lead + i, i, fill);
    return sideBySide(i) ? y.unflatten(lead + i, out[i], kernel[i]) : Primitives.window(y, lead + i, kernel[i], stride[i], dilation[i]);
  }

  private int windowAxis(int i, Tensor windows) {
    return sideBySide(i) ? lead + i + 1 : windows.rank() - 1;
  }

  private boolean sideBySide(int i) {
    return stride[i] == kernel[i] && dilation[i] == 1;
  }

  private Tensor mean(String grad) {
    return Primitives.single(op, grad, x, v -> {
      Tensor y = v;
      for (int i = 0; i < n; i++) {
        y = Primitives.window(fitted(y, lead + i, i, 0), lead + i, kernel[i], stride[i], 1).sum(-1);
      }
      Tensor count = divisors().to(v.dtype() == DType.INT64 ? DType.INT64 : v.dtype()).to(v.device());
      return v.dtype() == DType.INT64 ? y.div(count, Rounding.TRUNC) : y.div(count);
    });
  }

  /** What each window's sum is divided by, [out...]. */
  private Tensor divisors() {
    if (options.divisor().isPresent()) {
      return Tensor.scalar((double) options.divisor().getAsInt());
    }
    Tensor all = Tensor.scalar(1.0);
    for (int i = 0; i < n; i++) {
      int size = x.size(lead + i);
      double[] count = new double[out[i]];
      for (int k = 0; k < count.length; k++) {
        int from = k * stride[i] - padding[i];
        int to = Math.min(from + kernel[i], size + padding[i]);
        count[k] = options.countIncludePad() ? to - from : Math.max(1, Math.min(to, size) - Math.max(from, 0));
      }
      int[] d = new int[n - i];
      Arrays.fill(d, 1);
      d[0] = out[i];
      all = all.mul(Tensor.of(count).reshape(d));
    }
    return all.to(DType.FLOAT64);
  }
}
