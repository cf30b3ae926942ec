package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.TernaryOperator;
import org.cotangent.ops.LabelLosses;
import org.cotangent.ops.LossReduction;

/**
 * Negative log-likelihood under normal distributions; see {@link LabelLosses#gaussianNllLoss}.
 *
 * @param full whether the constant is added
 * @param eps the least variance
 * @param reduction what becomes of the losses
 */
public record GaussianNLLLoss(boolean full, double eps, LossReduction reduction) implements TernaryOperator {
  /** The mean. */
  public GaussianNLLLoss() {
    this(false, 1e-6, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target, Tensor variance) {
    return LabelLosses.gaussianNllLoss(input, target, variance, full, eps, reduction);
  }
}
