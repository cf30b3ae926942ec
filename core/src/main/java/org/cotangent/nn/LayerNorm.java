package org.cotangent.nn;

import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Norms;

/**
 * Normalises over the trailing axes to mean 0 and variance 1, then scales and shifts (Ba et al. 2016).
 *
 * <p>Parameters "weight", at first ones, and "bias", at first zeros, have the shape of the normalised axes.
 */
public final class LayerNorm extends Layer {
  private final Shape normalized;
  private final double eps;
  private final boolean affine;

  /** Over trailing axes of these sizes, with an eps of 1e-5 and with weight and bias. */
  public LayerNorm(int... normalized) {
    this(Shape.of(normalized), 1e-5, true);
  }

  /**
   * Over trailing axes of these sizes, with or without weight and bias.
   *
   * @throws ArgumentException if no axis is named or eps is negative
   */
  public LayerNorm(Shape normalized, double eps, boolean affine) {
    if (normalized.rank() == 0 || !(eps >= 0)) {
      throw new ArgumentException("LayerNorm: needs at least one axis and no negative eps: " + normalized + ", " + eps);
    }
    this.normalized = normalized;
    this.eps = eps;
    this.affine = affine;
    if (affine) {
      parameter("weight", Tensor.ones(normalized.dims()));
      parameter("bias", Tensor.zeros(normalized.dims()));
    }
  }

  @Override
  protected Tensor forward(Tensor x) {
    return affine ? Norms.layerNorm(x, normalized, parameter("weight"), parameter("bias"), eps) : Norms.layerNorm(x, normalized, eps);
  }

  @Override
  protected String settings() {
    return Text.tuple(normalized.dims()) + ", eps=" + Text.number(eps) + ", elementwise_affine=" + Text.flag(affine);
  }
}
