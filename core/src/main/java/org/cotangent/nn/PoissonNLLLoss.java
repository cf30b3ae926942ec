package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.MarginLosses;

/**
 * Negative log-likelihood of counts for rates; see {@link MarginLosses#poissonNllLoss}.
 *
 * @param logInput whether inputs are logarithms of rates
 * @param full whether the approximation of log(t!) is added
 * @param eps added to rates before their logarithm is taken
 * @param reduction what becomes of the losses
 */
public record PoissonNLLLoss(boolean logInput, boolean full, double eps, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean, of logarithms of rates. */
  public PoissonNLLLoss() {
    this(true, false, 1e-8, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return MarginLosses.poissonNllLoss(input, target, logInput, full, eps, reduction);
  }
}
