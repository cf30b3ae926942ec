package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.MarginLosses;

/**
 * The Kullback-Leibler divergence of log-probabilities x; see {@link MarginLosses#klDiv}.
 *
 * @param logTarget whether targets are log-probabilities, too
 * @param batchMean whether the sum is divided by the number of examples, which is the divergence proper; {@code reduction} has no
 *     effect then
 * @param reduction what becomes of the losses
 */
public record KLDivLoss(boolean logTarget, boolean batchMean, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean over all elements, as PyTorch's default. */
  public KLDivLoss() {
    this(false, false, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return batchMean ? MarginLosses.klDivBatchMean(input, target, logTarget) : MarginLosses.klDiv(input, target, logTarget, reduction);
  }
}
