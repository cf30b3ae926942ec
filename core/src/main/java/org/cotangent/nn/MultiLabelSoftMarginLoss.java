package org.cotangent.nn;

import java.util.Optional;
import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LabelLosses;
import org.cotangent.ops.LossReduction;

/**
 * Cross entropy of each label; see {@link LabelLosses#multilabelSoftMarginLoss}.
 *
 * @param weight a factor for each class
 * @param reduction what becomes of the losses
 */
public record MultiLabelSoftMarginLoss(Optional<Tensor> weight, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public MultiLabelSoftMarginLoss() {
    this(Optional.empty(), LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return weight.isPresent() ? LabelLosses.multilabelSoftMarginLoss(input, target, weight.get(), reduction)
        : LabelLosses.multilabelSoftMarginLoss(input, target, reduction);
  }
}
