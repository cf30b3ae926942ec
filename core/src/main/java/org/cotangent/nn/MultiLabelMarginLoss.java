package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LabelLosses;
import org.cotangent.ops.LossReduction;

/**
 * Hinge loss of several labels for each example; see {@link LabelLosses#multilabelMarginLoss}.
 *
 * @param reduction what becomes of the losses
 */
public record MultiLabelMarginLoss(LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public MultiLabelMarginLoss() {
    this(LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return LabelLosses.multilabelMarginLoss(input, target, reduction);
  }
}
