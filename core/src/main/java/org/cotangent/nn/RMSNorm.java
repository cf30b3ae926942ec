package org.cotangent.nn;

import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Norms;

/**
 * Divides by the root of the mean square over the trailing axes, then scales (Zhang and Sennrich 2019).
 *
 * <p>The parameter "weight", at first ones, has the shape of the normalised axes.
 */
public final class RMSNorm extends Layer {
  private final Shape normalized;
  private final double eps;

  /** Over a last axis of this size, with an eps of 1e-6. */
  public RMSNorm(int features) {
    this(Shape.of(features), 1e-6);
  }

  /**
   * Over trailing axes of these sizes.
   *
   * @throws ArgumentException if no axis is named or eps is negative
   */
  public RMSNorm(Shape normalized, double eps) {
    if (normalized.rank() == 0 || !(eps >= 0)) {
      throw new ArgumentException("RMSNorm: needs at least one axis and no negative eps: " + normalized + ", " + eps);
    }
    this.normalized = normalized;
    this.eps = eps;
    parameter("weight", Tensor.ones(normalized.dims()));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Norms.rmsNorm(x, normalized, parameter("weight"), eps);
  }

  @Override
  protected String settings() {
    return Text.tuple(normalized.dims()) + ", eps=" + Text.number(eps) + ", elementwise_affine=True";
  }
}
