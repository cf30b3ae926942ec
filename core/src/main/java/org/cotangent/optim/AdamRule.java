package org.cotangent.optim;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cotangent.Tensor;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;

/** What Adam and AdamW share. */
final class AdamRule {
  private static final String FIRST = "exp_avg";
  private static final String SECOND = "exp_avg_sq";
  private static final String LARGEST = "max_exp_avg_sq";
  private static final List<String> MOMENTS = List.of(FIRST, SECOND);
  static final List<String> STATES = List.of(FIRST, SECOND, LARGEST);

  /** What decides the expressions. */
  private record Kind(double beta1, double beta2, double eps, boolean amsgrad, double decay, boolean keeps) {
    boolean same(Kind k) {
      return beta1 == k.beta1 && beta2 == k.beta2 && eps == k.eps && amsgrad == k.amsgrad && decay == k.decay && keeps == k.keeps;
    }
  }

  private Optional<Kind> known = Optional.empty();
  private List<Expr> kernel = List.of();
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
   * amsgrad: eps stands outside the root and behind its correction, as in PyTorch. {@code decay} p is added to g, and p is multiplied by
   * {@code keep} first.
   */
  Step step(Update u, double decay, double keep) {
    double correction1 = 1 - Math.pow(beta1, u.count());
    double correction2 = Math.sqrt(1 - Math.pow(beta2, u.count()));
    var x = new ArrayList<Tensor>(8);
    x.add(u.parameter());
    x.add(u.slope());
    x.add(u.kept(FIRST));
    x.add(u.kept(SECOND));
    x.add(u.number(u.learningRate() / correction1));
    x.add(u.number(correction2));
    if (keep != 1) {
      x.add(u.number(keep));
    }
    if (amsgrad) {
      x.add(u.kept(LARGEST));
    }
    var kind = new Kind(beta1, beta2, eps, amsgrad, decay, keep != 1);
    if (known.isEmpty() || !known.get().same(kind)) {
      kernel = kernel(kind);
      known = Optional.of(kind);
    }
    return new Step(amsgrad ? STATES : MOMENTS, kernel, x);
  }

  /** m, v, with amsgrad the largest v, and p. */
  private static List<Expr> kernel(Kind k) {
    Expr p = k.keeps() ? mul(arg(0), arg(6)) : arg(0);
    Expr g = k.decay() == 0 ? arg(1) : add(arg(1), mul(arg(0), constant(k.decay())));
    Expr m = add(mul(arg(2), constant(k.beta1())), mul(g, constant(1 - k.beta1())));
    Expr v = add(mul(arg(3), constant(k.beta2())), mul(mul(g, g), constant(1 - k.beta2())));
    Expr scale = k.amsgrad() ? call(Fn.MAX, arg(k.keeps() ? 7 : 6), v) : v;
    Expr denominator = add(call(Fn.DIV, call(Fn.SQRT, scale), arg(5)), constant(k.eps()));
    Expr next = call(Fn.SUB, p, call(Fn.DIV, mul(m, arg(4)), denominator));
    return k.amsgrad() ? List.of(m, v, scale, next) : List.of(m, v, next);
  }

  private static Expr add(Expr a, Expr b) {
    return call(Fn.ADD, a, b);
  }

  private static Expr mul(Expr a, Expr b) {
    return call(Fn.MUL, a, b);
  }
}
