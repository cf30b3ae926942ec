package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;

/**
 * (x - t)²; see {@link Losses#mseLoss}.
 *
 * @param reduction what becomes of the losses
 */
public record MSELoss(LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public MSELoss() {
    this(LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.mseLoss(input, target, reduction);
  }
}
