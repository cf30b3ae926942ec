package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;

/**
 * A parabola that goes over into a line (Huber 1964); see {@link Losses#huberLoss}.
 *
 * @param delta where
 * @param reduction what becomes of the losses
 */
public record HuberLoss(double delta, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean, with a delta of 1. */
  public HuberLoss() {
    this(1, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.huberLoss(input, target, delta, reduction);
  }
}
