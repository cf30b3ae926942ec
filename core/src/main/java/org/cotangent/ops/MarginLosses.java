package org.cotangent.ops;

import static org.cotangent.expr.Expr.ZERO;
import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Losses of targets that are 1 or -1, and divergences of distributions. Arguments broadcast; gradients flow to all of them.
 *
 * <p>All throw {@link org.cotangent.errors.ShapeException} if shapes do not broadcast.
 */
public final class MarginLosses {
  private static final Expr X = arg(0);
  private static final Expr Y = arg(1);

  private MarginLosses() {}

  private static Tensor loss(String op, String grad, LossReduction reduction, Expr e, Tensor... xs) {
    return Gate.named(OpName.of(op, grad), () -> Losses.reduced(Primitives.pointwise(e, xs), reduction));
  }

  /** max(0, e); NaN stays, without a slope. */
  private static Expr atLeastZero(Expr e) {
    return where(call(Fn.GE, e, ZERO), e, where(call(Fn.GT, ZERO, e), ZERO, constant(Double.NaN)));
  }

  /** log(1 + exp(-t x)) for targets t. */
  public static Tensor softMarginLoss(Tensor input, Tensor target, LossReduction reduction) {
    return loss("softMarginLoss", "SoftMarginLoss", reduction, call(Fn.SOFTPLUS, call(Fn.NEG, call(Fn.MUL, Y, X))), input, target);
  }

  /** max(0, -t (x - y) + margin): t is 1 where x should rank higher, -1 where y should. */
  public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target, double margin, LossReduction reduction) {
    if (!x.dtype().floating() && !y.dtype().floating() && !target.dtype().floating()) { // whose products stay integers
      return Losses.reduced(target.neg().mul(x.sub(y)).add(margin).clampMin(0.0), reduction);
    }
    Expr e = call(Fn.ADD, call(Fn.MUL, call(Fn.NEG, arg(2)), call(Fn.SUB, X, Y)), constant(margin));
    return loss("marginRankingLoss", Distances.gradOf(reduction), reduction, atLeastZero(e), x, y, target);
  }

  /** x where the target is not -1, plus max(0, margin - x) where it is not 1. */
  public static Tensor hingeEmbeddingLoss(Tensor input, Tensor target, double margin, LossReduction reduction) {
    Expr far = where(call(Fn.NE, Y, Expr.ONE), atLeastZero(call(Fn.SUB, constant(margin), X)), ZERO);
    Expr near = where(call(Fn.NE, Y, constant(-1)), X, ZERO);
    String grad = reduction == LossReduction.NONE ? "Add" : Distances.gradOf(reduction);
    return loss("hingeEmbeddingLoss", grad, reduction, call(Fn.ADD, far, near), input, target);
  }

  /**
   * t (log t - x) for log-probabilities x and probabilities t, 0 where t is 0 (Kullback and Leibler 1951); with {@code logTarget} the
   * target is a log-probability too: exp(t) (t - x). The slope by a probability of 0 is NaN.
   */
  public static Tensor klDiv(Tensor input, Tensor target, boolean logTarget, LossReduction reduction) {
    return loss("klDiv", Distances.gradOf(reduction), reduction, divergence(logTarget), input, target);
  }

  /** The divergence of distributions: the sum of {@link #klDiv} over all elements, divided by the size of the first axis. */
  public static Tensor klDivBatchMean(Tensor input, Tensor target, boolean logTarget) {
    if (input.rank() == 0) {
      throw new org.cotangent.errors.ShapeException("klDivBatchMean: a scalar has no axis of examples");
    }
    return Gate.named(OpName.of("klDivBatchMean", "Div"), () -> klDiv(input, target, logTarget,
        LossReduction.SUM).div((double) input.size(0)));
  }

  private static Expr divergence(boolean logTarget) {
    if (logTarget) {
      return call(Fn.MUL, call(Fn.EXP, Y), call(Fn.SUB, Y, X));
    }
    return call(Fn.SUB, call(Fn.XLOGY, Y, Y), call(Fn.MUL, Y, X));
  }

  /**
   * Negative log-likelihood of counts t for a rate x, or exp(x) with {@code logInput}: exp(x) - t x, or x - t log(x + eps). With
   * {@code full}, Stirling's approximation of log(t!) is added where t is above 1.
   */
  public static Tensor poissonNllLoss(Tensor input, Tensor target, boolean logInput, boolean full, double eps, LossReduction reduction) {
    Expr e = logInput
        ? call(Fn.SUB, call(Fn.EXP, X), call(Fn.MUL, Y, X))
        : call(Fn.SUB, X, call(Fn.MUL, Y, call(Fn.LOG, call(Fn.ADD, X, constant(eps)))));
    if (full) {
      Expr log = call(Fn.LOG, Y);
      Expr half = call(Fn.MUL, constant(0.5), call(Fn.LOG, call(Fn.MUL, constant(2 * Math.PI), Y)));
      Expr stirling = call(Fn.ADD, call(Fn.SUB, call(Fn.MUL, Y, log), Y), half);
      e = call(Fn.ADD, e, where(call(Fn.GE, Expr.ONE, Y), ZERO, stirling));
    }
    return loss("poissonNllLoss", Distances.gradOf(reduction), reduction, e, input, target);
  }
}
