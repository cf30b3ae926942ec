package org.cotangent.optim;

import java.util.List;
import java.util.Optional;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): p is first multiplied by 1 - rate weightDecay; the
 * rest is {@link Adam}.
 */
public final class AdamW extends Optimizer {
  private final AdamRule rule = new AdamRule();

  /** With a rate of 1e-3 and a weight decay of 0.01. */
  public AdamW(List<Tensor> parameters) {
    super(parameters, 1e-3, 0.01, AdamRule.STATES);
  }

  /**
   * Sets how much of the moments stays in each step; returns this. At first 0.9 and 0.999.
   *
   * @throws ArgumentException if one is not at least 0 and below 1
   */
  public AdamW betas(double first, double second) {
    rule.betas(first, second);
    return this;
  }

  /**
   * Sets the number added to the denominator; returns this. At first 1e-8.
   *
   * @throws ArgumentException if it is negative or not finite
   */
  public AdamW eps(double e) {
    rule.eps(e);
    return this;
  }

  /** Divides by the largest second moment so far instead of the present one (Reddi et al. 2018); returns this. */
  public AdamW amsgrad(boolean on) {
    rule.amsgrad(on);
    return this;
  }

  @Override
  public AdamW learningRate(double rate) {
    super.learningRate(rate);
    return this;
  }

  @Override
  public AdamW weightDecay(double decay) {
    super.weightDecay(decay);
    return this;
  }

  @Override
  public AdamW schedule(LrSchedule s) {
    super.schedule(s);
    return this;
  }

  @Override
  public AdamW checkFinite(boolean on) {
    super.checkFinite(on);
    return this;
  }

  @Override
  protected boolean uses(String state) {
    return rule.uses(state);
  }

  @Override
  protected Tensor rule(Update u) {
    return u.kernel(rule.step(u, 0, 1 - u.learningRate() * u.weightDecay()));
  }

  @Override
  Optional<Step> whole(Update u) {
    return Optional.of(rule.step(u, 0, 1 - u.learningRate() * u.weightDecay()));
  }
}
