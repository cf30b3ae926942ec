package org.cotangent.optim;

import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Gradient descent with momentum (Sutskever et al. 2013, as PyTorch writes it).
 *
 * <p>With gradient g + weightDecay p: the buffer b is g in the first step, then momentum b + (1 - dampening) g; the parameter becomes
 * p - rate b, or p - rate (g + momentum b) for Nesterov's momentum; p - rate g without momentum. The default rate is 1e-3.
 */
public final class SGD extends Optimizer {
  private static final String BUFFER = "momentum_buffer";

  private double momentum;
  private double dampening;
  private boolean nesterov;

  /** Without momentum or weight decay. */
  public SGD(List<Tensor> parameters) {
    super(parameters, 1e-3, 0, List.of(BUFFER));
  }

  /**
   * Sets the momentum; returns this.
   *
   * @throws ArgumentException if it is negative or not finite
   */
  public SGD momentum(double m) {
    momentum = notNegative("momentum", m);
    return this;
  }

  /** Sets the dampening of the momentum; returns this. */
  public SGD dampening(double d) {
    dampening = d;
    return this;
  }

  /** Turns Nesterov's momentum on or off; it needs a momentum and no dampening. Returns this. */
  public SGD nesterov(boolean on) {
    nesterov = on;
    return this;
  }

  @Override
  public SGD learningRate(double rate) {
    super.learningRate(rate);
    return this;
  }

  @Override
  public SGD weightDecay(double decay) {
    super.weightDecay(decay);
    return this;
  }

  @Override
  public SGD schedule(LrSchedule s) {
    super.schedule(s);
    return this;
  }

  @Override
  public SGD checkFinite(boolean on) {
    super.checkFinite(on);
    return this;
  }

  @Override
  protected void validate() {
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new ArgumentException("SGD: Nesterov's momentum needs a momentum and no dampening: " + momentum + ", " + dampening);
    }
  }

  @Override
  protected boolean uses(String state) {
    return momentum != 0;
  }

  @Override
  protected Tensor rule(Update u) {
    Tensor p = u.value();
    Tensor g = u.weightDecay() == 0 ? u.gradient() : u.gradient().add(p.mul(u.weightDecay()));
    if (momentum != 0) {
      Tensor first = g;
      Tensor b = u.next(BUFFER, u.count() == 1 ? first : u.state(BUFFER).mul(momentum).add(first.mul(1 - dampening)));
      g = nesterov ? first.add(b.mul(momentum)) : b;
    }
    return p.sub(g.mul(u.number(u.learningRate())));
  }
}
