package org.cotangent.ops;

import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorArithmetic.Rounding;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Normalisation of examples over their trailing axes, and of channels. */
public final class Norms {
  private Norms() {}

  /**
   * (x - mean) / √(variance + eps) over the trailing axes, whose sizes are {@code normalized}; the variance is that of the
   * population (Ba et al. 2016).
   *
   * @throws ShapeException if x does not end in these axes: "layerNorm: [4, 3] does not end in [5]"
   */
  public static Tensor layerNorm(Tensor x, Shape normalized, double eps) {
    int[] axes = trailing("layerNorm", x, normalized);
    return Primitives.single("layerNorm", "NativeLayerNorm", x, v -> standard(v, axes, eps));
  }

  /** {@link #layerNorm(Tensor, Shape, double)} times the weight, of shape {@code normalized}. */
  public static Tensor layerNorm(Tensor x, Shape normalized, Tensor weight, double eps) {
    int[] axes = trailing("layerNorm", x, normalized);
    affine("layerNorm", "weight", weight, normalized);
    return Primitives.single("layerNorm", "NativeLayerNorm", x, v -> standard(v, axes, eps).mul(weight));
  }

  /** {@link #layerNorm(Tensor, Shape, double)} times the weight plus the bias, both of shape {@code normalized}. */
  public static Tensor layerNorm(Tensor x, Shape normalized, Tensor weight, Tensor bias, double eps) {
    int[] axes = trailing("layerNorm", x, normalized);
    affine("layerNorm", "weight", weight, normalized);
    affine("layerNorm", "bias", bias, normalized);
    return Primitives.single("layerNorm", "NativeLayerNorm", x, v -> standard(v, axes, eps).mul(weight).add(bias));
  }

  private static Tensor standard(Tensor x, int[] axes, double eps) {
    Tensor centred = x.sub(x.mean(axes, true));
    return centred.mul(centred.square().mean(axes, true).add(eps).rsqrt());
  }

  /**
   * x / √(mean(x²) + eps) over the trailing axes, whose sizes are {@code normalized} (Zhang and Sennrich 2019).
   *
   * @throws ShapeException if x does not end in these axes
   * @throws ArgumentException if eps is negative
   */
  public static Tensor rmsNorm(Tensor x, Shape normalized, double eps) {
    int[] axes = trailing("rmsNorm", x, normalized);
    positive(eps);
    return Primitives.single("rmsNorm", "RmsNorm", x, v -> scaled(v, axes, eps));
  }

  /** {@link #rmsNorm(Tensor, Shape, double)} times the weight, of shape {@code normalized}. */
  public static Tensor rmsNorm(Tensor x, Shape normalized, Tensor weight, double eps) {
    int[] axes = trailing("rmsNorm", x, normalized);
    positive(eps);
    affine("rmsNorm", "weight", weight, normalized);
    return Primitives.single("rmsNorm", "RmsNorm", x, v -> scaled(v, axes, eps).mul(weight));
  }

  /** {@link #rmsNorm(Tensor, Shape, double)} with the eps of PyTorch: the distance from 1 to the next number of x's type. */
  public static Tensor rmsNorm(Tensor x, Shape normalized) {
    return rmsNorm(x, normalized, x.dtype().orFloat().epsilon());
  }

  private static Tensor scaled(Tensor x, int[] axes, double eps) {
    return x.mul(x.square().mean(axes, true).add(eps).rsqrt());
  }

  private static void positive(double eps) {
    if (!(eps >= 0)) {
      throw new ArgumentException("rmsNorm: eps is negative: " + eps);
    }
  }

  private static int[] trailing(String op, Tensor x, Shape normalized) {
    int n = normalized.rank();
    if (n == 0 || n > x.rank() || !x.shape().range(x.rank() - n, x.rank()).equals(normalized)) {
      throw new ShapeException(op + ": " + x.shape() + " does not end in " + normalized);
    }
    int[] axes = new int[n];
    for (int i = 0; i < n; i++) {
      axes[i] = i - n;
    }
    return axes;
  }

  private static void affine(String op, String what, Tensor t, Shape normalized) {
    if (!t.shape().equals(normalized)) {
      throw new ShapeException(op + ": " + what + " is " + t.shape() + ", expected " + normalized);
    }
  }

  /**
   * (x - mean) / √(variance + eps) · weight + bias for each channel of x [n, c, ...], over all other axes (Ioffe and Szegedy 2015).
   *
   * <p>While training the statistics are those of x, with the population's variance, and running ones become (1 - momentum) running +
   * momentum new, with the sample's variance. Else they are the running ones.
   *
   * @throws ShapeException if x has no channels, a parameter does not fit them, or training sees one value for each channel
   * @throws ArgumentException if neither training nor running statistics are given
   */
  public static Tensor batchNorm(Tensor x, NormOptions options) {
    String op = "batchNorm";
    if (x.rank() == 1 && x.size() == 0) {
      return x.add(0L);
    }
    int channels = channels(op, x, 2, options);
    long each = channels == 0 ? 0 : x.size() / channels;
    if (options.training() && each == 1) {
      throw new ShapeException(op + ": expected more than 1 value per channel when training: " + x.shape());
    }
    int[] axes = new int[x.rank() - 1];
    for (int i = 1; i < axes.length; i++) {
      axes[i] = i + 1;
    }
    return Primitives.single(op, "NativeBatchNorm", x, v -> affine(normalized(op, v, axes, new int[0], options), options));
  }

  /**
   * (x - mean) / √(variance + eps) · weight + bias for each channel of each example of x [n, c, ...], over the trailing axes (Ulyanov
   * et al. 2016). Running statistics, if any, are kept of the examples' means; without {@code training} they are used instead.
   *
   * @throws ShapeException if x has no channels, a parameter does not fit them, or there is one value for each channel
   * @throws ArgumentException if neither training nor running statistics are given
   */
  public static Tensor instanceNorm(Tensor x, NormOptions options) {
    String op = "instanceNorm";
    channels(op, x, 2, options);
    if (options.training() && x.shape().range(2, x.rank()).size() == 1) {
      throw new ShapeException(op + ": expected more than 1 spatial element when training: " + x.shape());
    }
    int[] axes = new int[x.rank() - 2];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i + 2;
    }
    return Primitives.single(op, "NativeBatchNorm", x, v -> affine(normalized(op, v, axes, new int[] {0}, options), options));
  }

  /**
   * (x - mean) / √(variance + eps) · weight + bias, with statistics over each group of channels of each example of x [n, c, ...] (Wu
   * and He 2018).
   *
   * @throws ShapeException if x has no channels or a parameter does not fit them
   * @throws ArgumentException if the groups do not divide the channels
   */
  public static Tensor groupNorm(Tensor x, int groups, NormOptions options) {
    String op = "groupNorm";
    int channels = channels(op, x, 2, options);
    if (groups < 1 || channels % groups != 0) {
      throw new ArgumentException(op + ": " + groups + " groups do not divide the " + channels + " channels of " + x.shape());
    }
    int n = x.size(0);
    return Primitives.single(op, "NativeGroupNorm", x, v -> {
      int rest = x.size() == 0 ? 0 : (int) (x.size() / n / groups);
      Tensor y = standard(v.reshape(n, groups, rest), new int[] {2}, options.eps());
      return affine(y.reshape(x.shape().dims()), options);
    });
  }

  /**
   * x / (k + alpha / size · sum of x² over {@code size} neighbouring channels)^beta (Krizhevsky et al. 2012), for x [n, c, ...].
   *
   * @throws ShapeException if x has fewer than three axes
   */
  public static Tensor localResponseNorm(Tensor x, int size, double alpha, double beta, double k) {
    if (x.rank() < 3) {
      throw new ShapeException("localResponseNorm: expected 3D or higher dimensionality input: " + x.shape());
    }
    if (x.size() == 0) {
      return x.copy();
    }
    return Primitives.single("localResponseNorm", "Div", x, v -> {
      Tensor padded = Primitives.pad(v.square(), 1, size / 2, (size - 1) / 2);
      Tensor windows = Primitives.window(padded, 1, size, 1, 1);
      Tensor mean = v.dtype().floating() ? windows.mean(-1) : windows.sum(-1).div(size, Rounding.TRUNC);
      return v.div(mean.mul(alpha).add(k).pow(beta));
    });
  }

  /** x over its p-norm along an axis, which counts as at least eps: vectors of length 1. */
  public static Tensor normalize(Tensor x, double p, int axis, double eps) {
    return Primitives.single("normalize", "Div", x, v -> v.div(Distances.atLeast(v.norm(p, new int[] {axis}, true), eps)));
  }

  /** x less mean over deviation: statistics over {@code axes}, of which the running ones are averaged over {@code examples}. */
  private static Tensor normalized(String op, Tensor x, int[] axes, int[] examples, NormOptions options) {
    if (!options.training()) {
      if (options.runningMean().isEmpty() || options.runningVariance().isEmpty()) {
        throw new ArgumentException(op + ": neither training nor running statistics: pass running(mean, variance) or training(true)");
      }
      Tensor mean = alongChannels(options.runningMean().get(), x.rank());
      Tensor variance = alongChannels(options.runningVariance().get(), x.rank());
      return x.sub(mean).mul(variance.add(options.eps()).rsqrt());
    }
    if (axes.length == 0) {
      return x.sub(x);
    }
    Tensor mean = x.mean(axes, true);
    Tensor centred = x.sub(mean);
    Tensor variance = centred.square().mean(axes, true);
    double n = 1;
    for (int a : axes) {
      n *= x.size(a);
    }
    double unbiased = n / Math.max(1, n - 1);
    options.runningMean().ifPresent(r -> update(r, mean.detach(), examples, options.momentum()));
    options.runningVariance().ifPresent(r -> update(r, variance.detach().mul(unbiased), examples, options.momentum()));
    return centred.mul(variance.add(options.eps()).rsqrt());
  }

  private static void update(Tensor running, Tensor now, int[] examples, double momentum) {
    Tensor each = examples.length == 0 ? now : now.mean(examples);
    Gate.noGrad(() -> running.copy_(running.mul(1 - momentum).add(each.reshape(running.shape().dims()).mul(momentum))));
  }

  private static Tensor affine(Tensor y, NormOptions options) {
    Tensor scaled = options.weight().map(w -> y.mul(alongChannels(w, y.rank()))).orElse(y);
    return options.bias().map(b -> scaled.add(alongChannels(b, y.rank()))).orElse(scaled);
  }

  /** [c] as [1, c, 1, ...]. */
  static Tensor alongChannels(Tensor v, int rank) {
    int[] d = new int[rank];
    java.util.Arrays.fill(d, 1);
    if (rank > 1) {
      d[1] = v.size(0);
    }
    return v.reshape(d);
  }

  private static int channels(String op, Tensor x, int least, NormOptions o) {
    if (x.rank() < least) {
      throw new ShapeException(op + ": " + x.shape() + " has no channels; expected [n, c, ...]");
    }
    int c = x.size(1);
    fits(op, "weight", o.weight(), c);
    fits(op, "bias", o.bias(), c);
    fits(op, "running mean", o.runningMean(), c);
    fits(op, "running variance", o.runningVariance(), c);
    return c;
  }

  private static void fits(String op, String what, java.util.Optional<Tensor> t, int channels) {
    t.filter(v -> v.rank() != 1 || v.size(0) != channels).ifPresent(v -> {
      throw new ShapeException(op + ": " + what + " is " + v.shape() + ", expected [" + channels + "]");
    });
  }
}
