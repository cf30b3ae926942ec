package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;

/**
 * A parabola that goes over into |x - t| (Girshick 2015); see {@link Losses#smoothL1Loss}.
 *
 * @param beta where
 * @param reduction what becomes of the losses
 */
public record SmoothL1Loss(double beta, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean, with a beta of 1. */
  public SmoothL1Loss() {
    this(1, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.smoothL1Loss(input, target, beta, reduction);
  }
}
