package org.cotangent.optim;

import java.util.List;
import java.util.Optional;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Adaptive moments (Kingma and Ba 2015). Weight decay is added to the gradient.
 *
 * <p>With g the gradient: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g², and step t takes rate / (1 - b1^t) m / (√v / √(1 - b2^t) +
 * eps) from the parameter, as in PyTorch.
 */
public final class Adam extends Optimizer {
  private final AdamRule rule = new AdamRule();

  /** With a rate of 1e-3 and no weight decay. */
  public Adam(List<Tensor> parameters) {
    super(parameters, 1e-3, 0, AdamRule.STATES);
  }

  /**
   * Sets how much of the moments stays in each step; returns this. At first 0.9 and 0.999.
   *
   * @throws ArgumentException if one is not at least 0 and below 1
   */
  public Adam betas(double first, double second) {
    rule.betas(first, second);
    return this;
  }

  /**
   * Sets the number added to the denominator; returns this. At first 1e-8.
   *
   * @throws ArgumentException if it is negative or not finite
   */
  public Adam eps(double e) {
    rule.eps(e);
    return this;
  }

  /** Divides by the largest second moment so far instead of the present one (Reddi et al. 2018); returns this. */
  public Adam amsgrad(boolean on) {
    rule.amsgrad(on);
    return this;
  }

  @Override
  public Adam learningRate(double rate) {
    super.learningRate(rate);
    return this;
  }

  @Override
  public Adam weightDecay(double decay) {
    super.weightDecay(decay);
    return this;
  }

  @Override
  public Adam schedule(LrSchedule s) {
    super.schedule(s);
    return this;
  }

  @Override
  public Adam checkFinite(boolean on) {
    super.checkFinite(on);
    return this;
  }

  @Override
  protected boolean uses(String state) {
    return rule.uses(state);
  }

  @Override
  protected Tensor rule(Update u) {
    return u.kernel(rule.step(u, u.weightDecay(), 1));
  }

  @Override
  Optional<Step> whole(Update u) {
    return Optional.of(rule.step(u, u.weightDecay(), 1));
  }
}
