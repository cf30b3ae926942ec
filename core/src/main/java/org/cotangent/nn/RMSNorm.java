package org.cotangent.nn;

import java.util.OptionalDouble;
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
  private final OptionalDouble eps;

  /** Over a last axis of this size, with the eps of {@link Norms#rmsNorm(Tensor, Shape)}, which depends on the type of the input. */
  public RMSNorm(int features) {
    this(Shape.of(features), OptionalDouble.empty());
  }

  /**
   * Over trailing axes of these sizes.
   *
   * @throws ArgumentException if no axis is named or eps is negative
   */
  public RMSNorm(Shape normalized, double eps) {
    this(normalized, OptionalDouble.of(eps));
  }

  private RMSNorm(Shape normalized, OptionalDouble eps) {
    if (normalized.rank() == 0 || !(eps.orElse(0) >= 0)) {
      throw new ArgumentException("RMSNorm: needs at least one axis and no negative eps: " + normalized + ", " + eps.orElse(0));
    }
    this.normalized = normalized;
    this.eps = eps;
    parameter("weight", Tensor.ones(normalized.dims()));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Norms.rmsNorm(x, normalized, parameter("weight"), eps.orElseGet(() -> x.dtype().orFloat().epsilon()));
  }

  @Override
  protected String settings() {
    return Text.tuple(normalized.dims()) + ", eps=" + (eps.isPresent() ? Text.number(eps.getAsDouble()) : "None") + ", elementwise_affine=True";
  }
}
