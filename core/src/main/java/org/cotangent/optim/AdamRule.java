package org.cotangent.optim;

import java.util.List;
import org.cotangent.Tensor;

/** What Adam and AdamW share. */
final class AdamRule {
  private static final String FIRST = "exp_avg";
  private static final String SECOND = "exp_avg_sq";
  private static final String LARGEST = "max_exp_avg_sq";
  static final List<String> STATES = List.of(FIRST, SECOND, LARGEST);

  private double beta1 = 0.9;
  private double beta2 = 0.999;
  private double eps = 1e-8;
  private boolean amsgrad;

  void betas(double first, double second) {
    double checked = Optimizer.fraction("betas", second);
    beta1 = Optimizer.fraction("betas", first);
    beta2 = checked;
  }

  void eps(double e) {
    eps = Optimizer.notNegative("eps", e);
  }

  void amsgrad(boolean on) {
    amsgrad = on;
  }

  boolean uses(String state) {
    return amsgrad || !state.equals(LARGEST);
  }

  /**
   * m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g²; p - rate / (1 - b1^t) m / (√v / √(1 - b2^t) + eps), with the largest v so far for
   * amsgrad: eps stands outside the root and behind its correction, as in PyTorch.
   */
  Tensor apply(Update u, Tensor p, Tensor g) {
    Tensor m = u.next(FIRST, u.state(FIRST).mul(beta1).add(g.mul(1 - beta1)));
    Tensor v = u.next(SECOND, u.state(SECOND).mul(beta2).add(g.square().mul(1 - beta2)));
    Tensor scale = amsgrad ? u.next(LARGEST, u.state(LARGEST).maximum(v)) : v;
    double correction1 = 1 - Math.pow(beta1, u.count());
    double correction2 = Math.sqrt(1 - Math.pow(beta2, u.count()));
    Tensor denominator = scale.sqrt().div(u.number(correction2)).add(eps);
    return p.sub(m.mul(u.number(u.learningRate() / correction1)).div(denominator));
  }
}
