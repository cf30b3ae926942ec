package org.cotangent.ops;

import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Normalisation of examples over their trailing axes. */
public final class Norms {
  private static final OpName LAYER_NORM = OpName.of("layerNorm", "NativeLayerNorm");
  private static final OpName RMS_NORM = OpName.of("rmsNorm");

  private Norms() {}

  /**
   * (x - mean) / √(variance + eps) over the trailing axes, whose sizes are {@code normalized}; the variance is that of the
   * population (Ba et al. 2016).
   *
   * @throws ShapeException if x does not end in these axes: "layerNorm: [4, 3] does not end in [5]"
   * @throws ArgumentException if eps is negative
   */
  public static Tensor layerNorm(Tensor x, Shape normalized, double eps) {
    int[] axes = trailing("layerNorm", x, normalized, eps);
    return Gate.named(LAYER_NORM, () -> standard(x, axes, eps));
  }

  /** {@link #layerNorm(Tensor, Shape, double)} times the weight, of shape {@code normalized}. */
  public static Tensor layerNorm(Tensor x, Shape normalized, Tensor weight, double eps) {
    int[] axes = trailing("layerNorm", x, normalized, eps);
    affine("layerNorm", "weight", weight, normalized);
    return Gate.named(LAYER_NORM, () -> standard(x, axes, eps).mul(weight));
  }

  /** {@link #layerNorm(Tensor, Shape, double)} times the weight plus the bias, both of shape {@code normalized}. */
  public static Tensor layerNorm(Tensor x, Shape normalized, Tensor weight, Tensor bias, double eps) {
    int[] axes = trailing("layerNorm", x, normalized, eps);
    affine("layerNorm", "weight", weight, normalized);
    affine("layerNorm", "bias", bias, normalized);
    return Gate.named(LAYER_NORM, () -> standard(x, axes, eps).mul(weight).add(bias));
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
    int[] axes = trailing("rmsNorm", x, normalized, eps);
    return Gate.named(RMS_NORM, () -> scaled(x, axes, eps));
  }

  /** {@link #rmsNorm(Tensor, Shape, double)} times the weight, of shape {@code normalized}. */
  public static Tensor rmsNorm(Tensor x, Shape normalized, Tensor weight, double eps) {
    int[] axes = trailing("rmsNorm", x, normalized, eps);
    affine("rmsNorm", "weight", weight, normalized);
    return Gate.named(RMS_NORM, () -> scaled(x, axes, eps).mul(weight));
  }

  private static Tensor scaled(Tensor x, int[] axes, double eps) {
    return x.mul(x.square().mean(axes, true).add(eps).rsqrt());
  }

  private static int[] trailing(String op, Tensor x, Shape normalized, double eps) {
    int n = normalized.rank();
    if (n == 0 || n > x.rank() || !x.shape().range(x.rank() - n, x.rank()).equals(normalized)) {
      throw new ShapeException(op + ": " + x.shape() + " does not end in " + normalized);
    }
    if (!(eps >= 0)) {
      throw new ArgumentException(op + ": eps is negative: " + eps);
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
}
