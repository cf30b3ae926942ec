package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.MarginLosses;

/**
 * log(1 + exp(-t x)); see {@link MarginLosses#softMarginLoss}.
 *
 * @param reduction what becomes of the losses
 */
public record SoftMarginLoss(LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public SoftMarginLoss() {
    this(LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return MarginLosses.softMarginLoss(input, target, reduction);
  }
}
