package org.cotangent.nn;

import java.util.Optional;
import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;

/**
 * Cross entropy of yes-or-no answers given as logits; see {@link Losses#binaryCrossEntropyWithLogits}.
 *
 * @param weight a factor for each loss, which broadcasts
 * @param positiveWeight a factor for the term of the answer yes
 * @param reduction what becomes of the losses
 */
public record BCEWithLogitsLoss(Optional<Tensor> weight, Optional<Tensor> positiveWeight,
    LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public BCEWithLogitsLoss() {
    this(Optional.empty(), Optional.empty(), LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.binaryCrossEntropyWithLogits(input, target, weight, positiveWeight, reduction);
  }
}
