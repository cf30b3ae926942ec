package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Pictures of another size: [n, c, d...] → [n, c, out...], with one, two or three spatial axes d. Every mode but AREA is a sum of
 * gathered and weighted elements, one axis after the other.
 *
 * <p>Along an axis of n elements that becomes o, with s = n / o or 1 / scale, new element i lies at s (i + 1/2) - 1/2, or at i (n - 1) /
 * (o - 1) with aligned corners; outside of the elements the first and last are repeated.
 *
 * <p>All throw {@link ShapeException} if the axes do not fit the mode and {@link ArgumentException} for sizes that are not positive.
 */
public final class Interpolation {
  private static final double KEYS = -0.75;
  private static final double KEYS_ANTIALIAS = -0.5;
  private final Tensor x;
  private final InterpolateOptions options;
  private final int n;

  private Interpolation(Tensor x, InterpolateOptions options) {
    this.x = x;
    this.options = options;
    this.n = x.rank() - 2;
    Resampling mode = options.mode();
    if (n < 1 || n > 3 || mode.axes != 0 && mode.axes != n) {
      String takes = mode.axes == 0 ? "3D, 4D or 5D" : mode.axes + 2 + "D";
      throw new ShapeException("interpolate: mode " + mode.text() + " takes " + takes + " tensors, not " + x.shape());
    }
    boolean copies = mode == Resampling.NEAREST || mode == Resampling.NEAREST_EXACT;
    if (!copies && !x.dtype().floating()) {
      throw new DTypeException("interpolate: needs a floating tensor, not " + x.dtype() + "; convert with to(DType.FLOAT32)");
    }
    for (int i = 1; i < x.rank(); i++) {
      if (x.size(i) == 0) {
        throw new ShapeException("interpolate: expected non-zero sizes but for the batch, but got " + x.shape());
      }
    }
  }

  /** Pictures of these sizes, one for each spatial axis or one for all. */
  public static Tensor interpolate(Tensor x, int[] size, InterpolateOptions options) {
    var run = new Interpolation(x, options);
    return run.all(Padding.each("interpolate", "size", run.n, size), new double[run.n]);
  }

  /** Pictures scaled so much, rounded down, one number for each spatial axis or one for all. */
  public static Tensor interpolate(Tensor x, double[] scale, InterpolateOptions options) {
    var run = new Interpolation(x, options);
    if (scale.length != 1 && scale.length != run.n) {
      throw new ArgumentException("interpolate: " + scale.length + " scales for " + run.n + " axes: " + Arrays.toString(scale));
    }
    int[] size = new int[run.n];
    double[] each = new double[run.n];
    for (int i = 0; i < run.n; i++) {
      double s = scale[scale.length == 1 ? 0 : i];
      size[i] = (int) Math.floor(x.size(i + 2) * s);
      each[i] = options.recomputeScale() ? 0 : s;
    }
    return run.all(size, each);
  }

  private Tensor all(int[] size, double[] scale) {
    for (int s : size) {
      if (s < 1) {
        throw new ArgumentException("interpolate: input and output sizes should be greater than 0, but got " + x.shape() + " to "
            + Arrays.toString(size));
      }
    }
    if (options.mode() == Resampling.AREA) {
      return AdaptivePooling.avgPool(x, size);
    }
    if (x.dtype().half()) {
      return Primitives.single("interpolate", grad(), x, v -> new Interpolation(v, options).all(size, scale));
    }
    return Gate.named(OpName.of("interpolate", grad()), () -> {
      Tensor y = x;
      for (int i = 0; i < n; i++) {
        y = along(y, i + 2, size[i], scale[i]);
      }
      return y == x ? x.add(0L) : y;
    });
  }

  private String grad() {
    String kind = switch (options.mode()) {
      case NEAREST, AREA -> "Nearest";
      case NEAREST_EXACT -> "NearestExact";
      case LINEAR -> "Linear";
      case BILINEAR -> "Bilinear";
      case TRILINEAR -> "Trilinear";
      case BICUBIC -> "Bicubic";
    };
    return "Upsample" + kind + n + "D" + (options.antialias() ? "Aa" : "");
  }

  private Tensor along(Tensor y, int axis, int out, double scale) {
    int in = x.size(axis);
    if (in == out && (scale == 0 || scale == 1)) {
      return y;
    }
    double step = options.alignCorners() ? (out > 1 ? (in - 1.0) / (out - 1) : 0) : scale > 0 ? 1 / scale : (double) in / out;
    Taps taps = options.antialias() ? Taps.covering(in, out, step, options) : taps(in, out, step);
    Tensor sum = null;
    for (int k = 0; k < taps.at.length; k++) {
      Tensor part = y.indexSelect(axis, Tensor.of(taps.at[k]).to(x.device()));
      if (taps.at.length > 1) {
        int[] d = new int[y.rank() - axis];
        Arrays.fill(d, 1);
        d[0] = out;
        part = part.mul(Tensor.of(taps.weight[k]).to(x.dtype()).to(x.device()).reshape(d));
      }
      sum = sum == null ? part : sum.add(part);
    }
    return sum;
  }

  /** New element i is the sum over k of weight[k][i] times element at[k][i]. */
  private record Taps(long[][] at, double[][] weight) {
    static Taps of(int count, int out) {
      return new Taps(new long[count][out], new double[count][out]);
    }

    /** All elements within reach of a wider filter, whose weights sum to 1. */
    static Taps covering(int in, int out, double step, InterpolateOptions o) {
      boolean cubic = o.mode() == Resampling.BICUBIC;
      double wide = Math.max(step, 1);
      double reach = (cubic ? 2 : 1) * wide;
      Taps t = of(2 * (int) Math.ceil(reach) + 1, out);
      for (int i = 0; i < out; i++) {
        double centre = step * (i + 0.5);
        int from = Math.max((int) (centre - reach + 0.5), 0);
        int to = Math.min((int) (centre + reach + 0.5), in);
        double total = 0;
        for (int k = 0; k < t.at.length; k++) {
          boolean inside = from + k < to;
          double d = (from + k - centre + 0.5) / wide;
          t.at[k][i] = Math.min(from + k, Math.max(to - 1, 0));
          t.weight[k][i] = !inside ? 0 : cubic ? cubic(d, KEYS_ANTIALIAS) : Math.max(0, 1 - Math.abs(d));
          total += t.weight[k][i];
        }
        for (int k = 0; k < t.at.length && total != 0; k++) {
          t.weight[k][i] /= total;
        }
      }
      return t;
    }
  }

  private Taps taps(int in, int out, double step) {
    Resampling mode = options.mode();
    if (mode == Resampling.NEAREST || mode == Resampling.NEAREST_EXACT) {
      Taps t = Taps.of(1, out);
      for (int i = 0; i < out; i++) {
        double place = mode == Resampling.NEAREST ? step * i : Math.max(0, step * (i + 0.5) - 0.5) + 0.5;
        t.at[0][i] = Math.min((long) Math.floor((float) place), in - 1); // single precision, as PyTorch's floorf
      }
      return t;
    }
    boolean cubic = mode == Resampling.BICUBIC;
    Taps t = Taps.of(cubic ? 4 : 2, out);
    for (int i = 0; i < out; i++) {
      double place = options.alignCorners() ? step * i : step * (i + 0.5) - 0.5;
      double p = cubic ? place : Math.max(0, place);
      int first = (int) Math.floor(p);
      double rest = p - first;
      for (int k = 0; k < t.at.length; k++) {
        t.at[k][i] = Math.clamp(first + k - (cubic ? 1 : 0), 0, in - 1);
        t.weight[k][i] = cubic ? cubic(rest + 1 - k, KEYS) : k == 0 ? 1 - rest : rest;
      }
    }
    return t;
  }

  /** The kernel of cubic convolution (Keys 1981) at distance d. */
  private static double cubic(double d, double a) {
    double x = Math.abs(d);
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }
}
