package org.cotangent.optim;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;

import java.util.List;
import java.util.Optional;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;

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
    return u.kernel(step(u));
  }

  @Override
  Optional<Step> whole(Update u) {
    return Optional.of(step(u));
  }

  private Step step(Update u) {
    List<String> states = momentum == 0 ? List.of() : List.of(BUFFER);
    Tensor rate = u.number(u.learningRate());
    return u.count() == 1 || momentum == 0
        ? new Step(states, kernel(u), List.of(u.parameter(), u.slope(), rate))
        : new Step(states, kernel(u), List.of(u.parameter(), u.slope(), rate, u.kept(BUFFER)));
  }

  /** The new buffer, if there is a momentum, and the new value, of the value, the gradient, the rate and the buffer. */
  private List<Expr> kernel(Update u) {
    Expr p = arg(0);
    Expr g = u.weightDecay() == 0 ? arg(1) : add(arg(1), mul(p, constant(u.weightDecay())));
    if (momentum == 0) {
      return List.of(call(Fn.SUB, p, mul(g, arg(2))));
    }
    Expr b = u.count() == 1 ? g : add(mul(arg(3), constant(momentum)), mul(g, constant(1 - dampening)));
    Expr down = nesterov ? add(g, mul(b, constant(momentum))) : b;
    return List.of(b, call(Fn.SUB, p, mul(down, arg(2))));
  }

  private static Expr add(Expr a, Expr b) {
    return call(Fn.ADD, a, b);
  }

  private static Expr mul(Expr a, Expr b) {
    return call(Fn.MUL, a, b);
  }
}
