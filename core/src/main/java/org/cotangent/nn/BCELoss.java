package org.cotangent.nn;

import java.util.Optional;
import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;

/**
 * Cross entropy of yes-or-no answers given as probabilities; see {@link Losses#binaryCrossEntropy}.
 *
 * @param weight a factor for each loss, which broadcasts
 * @param reduction what becomes of the losses
 */
public record BCELoss(Optional<Tensor> weight, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public BCELoss() {
    this(Optional.empty(), LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.binaryCrossEntropy(input, target, weight, reduction);
  }
}
