package org.cotangent.nn;

import java.util.Optional;
import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LabelLosses;
import org.cotangent.ops.LossReduction;

/**
 * Hinge loss of one label for each example; see {@link LabelLosses#multiMarginLoss}.
 *
 * @param p the power, 1 or 2
 * @param margin how far the label's score is to be above the others
 * @param weight a factor for each class
 * @param reduction what becomes of the losses
 */
public record MultiMarginLoss(int p, double margin, Optional<Tensor> weight, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public MultiMarginLoss() {
    this(1, 1, Optional.empty(), LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return weight.isPresent() ? LabelLosses.multiMarginLoss(input, target, p, margin, weight.get(), reduction)
        : LabelLosses.multiMarginLoss(input, target, p, margin, reduction);
  }
}
