package org.cotangent.ops;

import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Loss functions. Each is a composition of tensor operations, so gradients of every order and all transforms work, and gradients
 * flow to both arguments unless one holds integers.
 *
 * <p>Without a {@link LossReduction} the result is the mean, a scalar.
 */
public final class Losses {
  private Losses() {}

  /**
   * Mean cross entropy of classes given as logits; see {@link #crossEntropy(Tensor, Tensor, ClassOptions)}.
   *
   * @throws ShapeException if the targets do not fit the logits
   * @throws org.cotangent.errors.IndexException if a target is no class
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return ClassLosses.crossEntropy(logits, targets, ClassOptions.DEFAULT);
  }

  /** Cross entropy of classes given as logits; see {@link #crossEntropy(Tensor, Tensor, ClassOptions)}. */
  public static Tensor crossEntropy(Tensor logits, Tensor targets, LossReduction reduction) {
    return ClassLosses.crossEntropy(logits, targets, ClassOptions.DEFAULT.reduction(reduction));
  }

  /**
   * -log(softmax(x))[target] for each example, stable at logits of any size.
   *
   * <p>Logits [n, c] with targets [n], [c] with [] or [n, c, d...] with [n, d...]. Targets are class indices of an integer type; or
   * probabilities of the logits' shape and a floating type, and then the loss is -sum(p log(softmax(x))) over classes, ignoreIndex
   * has no meaning, and the mean divides by the number of examples.
   *
   * <p>Label smoothing e mixes in the uniform distribution (Szegedy et al. 2016, section 7): (1 - e) p + e / c.
   *
   * @throws ShapeException if the targets do not fit: "crossEntropy: targets [3] do not fit the input [4, 10]; expected [4]"
   * @throws org.cotangent.errors.IndexException if a target is neither a class nor the ignored index
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets, ClassOptions options) {
    return ClassLosses.crossEntropy(logits, targets, options);
  }

  /**
   * Mean of -x[target] for log-probabilities x: [n, c] with targets [n], [c] with [] or [n, c, d...] with [n, d...].
   *
   * @throws ShapeException if the targets do not fit the input
   * @throws org.cotangent.errors.IndexException if a target is no class
   */
  public static Tensor nllLoss(Tensor logProbabilities, Tensor targets) {
    return ClassLosses.nllLoss(logProbabilities, targets, ClassOptions.DEFAULT);
  }

  /** -x[target] for log-probabilities x; label smoothing has no effect. See {@link #nllLoss(Tensor, Tensor)}. */
  public static Tensor nllLoss(Tensor logProbabilities, Tensor targets, ClassOptions options) {
    return ClassLosses.nllLoss(logProbabilities, targets, options);
  }

  /** Mean of the cross entropies of yes-or-no answers given as logits; see the overload with a reduction. */
  public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target) {
    return binaryCrossEntropyWithLogits(input, target, LossReduction.MEAN);
  }

  /**
   * -t log(σ(x)) - (1 - t) log(1 - σ(x)), computed as (1 - t) x + softplus(-x), stable at logits of any size; the target t is a
   * probability of the input's shape.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target, LossReduction reduction) {
    return binaryCrossEntropyWithLogits(input, target, Optional.empty(), Optional.empty(), reduction);
  }

  /**
   * As {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, LossReduction)} with the term of the answer yes weighted: -p t log(σ(x))
   * - (1 - t) log(1 - σ(x)) for a weight p. It broadcasts to the input.
   *
   * @throws ShapeException if the shapes do not fit
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target, Tensor positiveWeight, LossReduction reduction) {
    return binaryCrossEntropyWithLogits(input, target, Optional.empty(), Optional.of(positiveWeight), reduction);
  }

  /**
   * As {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, LossReduction)} with a factor for each loss and one for the term of the
   * answer yes, each broadcasting to the input. A mean divides by the number of losses, whatever the weights.
   *
   * @throws ShapeException if the shapes do not fit
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor input, Tensor target, Optional<Tensor> weight, Optional<Tensor> positiveWeight, LossReduction reduction) {
    String op = "binaryCrossEntropyWithLogits";
    weight.ifPresent(w -> fits(op, w, input));
    positiveWeight.ifPresent(w -> fits(op, w, input));
    return elementwise(op, "BinaryCrossEntropyWithLogits", input, target, reduction, (x, t) -> {
      Tensor smooth = x.neg().softplus();
      Tensor yes = positiveWeight.map(p -> wide(p, x).sub(1).mul(t).add(1).mul(smooth)).orElse(smooth);
      Tensor each = x.mul(t.rsub(1)).add(yes);
      return weight.map(w -> each.mul(wide(w, x))).orElse(each);
    });
  }

  private static void fits(String op, Tensor weight, Tensor input) {
    if (!Shape.broadcast(op, input.shape(), weight.shape()).equals(input.shape())) {
      throw new ShapeException(op + ": weight " + weight.shape() + " does not broadcast to the input " + input.shape());
    }
  }

  /** Mean of the cross entropies of yes-or-no answers given as probabilities; see the overload with a reduction. */
  public static Tensor binaryCrossEntropy(Tensor input, Tensor target) {
    return binaryCrossEntropy(input, target, LossReduction.MEAN);
  }

  /**
   * -t log(x) - (1 - t) log(1 - x) for probabilities x; an input outside [0, 1] gives NaN. Logarithms are at least -100, and the slope
   * by x is (x - t) / max(x (1 - x), 1e-12), so losses and gradients stay finite at 0 and 1.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Tensor binaryCrossEntropy(Tensor input, Tensor target, LossReduction reduction) {
    return binaryCrossEntropy(input, target, Optional.empty(), reduction);
  }

  /**
   * As {@link #binaryCrossEntropy(Tensor, Tensor, LossReduction)} with a factor for each loss, which broadcasts to the input. A mean
   * divides by the number of losses, whatever the weights.
   *
   * @throws ShapeException if the shapes do not fit
   */
  public static Tensor binaryCrossEntropy(Tensor input, Tensor target, Optional<Tensor> weight, LossReduction reduction) {
    String op = "binaryCrossEntropy";
    double least = 1e-12f; // the nearest float, as in PyTorch for every type
    weight.ifPresent(w -> fits(op, w, input));
    return elementwise(op, "BinaryCrossEntropy", input, target, reduction, (x, t) -> {
      Tensor known = x.detach();
      Tensor end = known.mul(known.rsub(1)).lt(least);
      Tensor there = entropy(t, bounded(known.log()), bounded(known.neg().log1p()));
      Tensor line = x.sub(known).mul(known.sub(t)).div(least).add(there);
      Tensor inside = x.maskedFill(end, 0.5);
      Tensor each = Tensor.where(end, line, entropy(t, inside.log(), inside.neg().log1p()));
      return weight.map(w -> each.mul(wide(w, x))).orElse(each);
    });
  }

  private static Tensor entropy(Tensor t, Tensor yes, Tensor no) {
    return t.sub(1).mul(no).sub(t.mul(yes));
  }

  private static Tensor bounded(Tensor log) {
    return log.maskedFill(log.lt(-100), -100);
  }

  /** Mean of the squared differences. */
  public static Tensor mseLoss(Tensor input, Tensor target) {
    return mseLoss(input, target, LossReduction.MEAN);
  }

  /**
   * (x - t)² for each element.
   *
   * @throws ShapeException if the shapes differ: "mseLoss: input [4, 1] and target [4] differ; reshape or expand one"
   */
  public static Tensor mseLoss(Tensor input, Tensor target, LossReduction reduction) {
    return elementwise("mseLoss", "MseLoss", input, target, reduction, (x, t) -> x.sub(t).square());
  }

  /** Mean of the absolute differences. */
  public static Tensor l1Loss(Tensor input, Tensor target) {
    return l1Loss(input, target, LossReduction.MEAN);
  }

  /**
   * |x - t| for each element; its slope at 0 is 0.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Tensor l1Loss(Tensor input, Tensor target, LossReduction reduction) {
    return elementwise("l1Loss", reduction == LossReduction.MEAN ? "Mean" : reduction == LossReduction.SUM ? "Sum" : "Abs",
        input, target, reduction, (x, t) -> x.sub(t).abs());
  }

  /** Mean smooth L1 loss with a beta of 1. */
  public static Tensor smoothL1Loss(Tensor input, Tensor target) {
    return smoothL1Loss(input, target, 1, LossReduction.MEAN);
  }

  /**
   * d² / (2 beta) where d = |x - t| is below beta, d - beta / 2 elsewhere (Girshick 2015); |x - t| for a beta of 0.
   *
   * @throws ShapeException if the shapes differ
   * @throws ArgumentException if beta is negative
   */
  public static Tensor smoothL1Loss(Tensor input, Tensor target, double beta, LossReduction reduction) {
    if (!(beta >= 0)) {
      throw new ArgumentException("smoothL1Loss: beta is negative: " + beta);
    }
    return elementwise("smoothL1Loss", "SmoothL1Loss", input, target, reduction, (x, t) -> {
      Expr d = distance();
      Expr near = Expr.call(Fn.MUL, Expr.call(Fn.MUL, d, d), Expr.constant(0.5 / beta));
      Expr far = Expr.call(Fn.SUB, d, Expr.constant(0.5 * beta));
      return Primitives.pointwise(beta == 0 ? d : Expr.where(Expr.call(Fn.GE, d, Expr.constant(beta)), far, near), x, t);
    });
  }

  /** Mean Huber loss with a delta of 1. */
  public static Tensor huberLoss(Tensor input, Tensor target) {
    return huberLoss(input, target, 1, LossReduction.MEAN);
  }

  /**
   * d² / 2 where d = |x - t| is below delta, delta (d - delta / 2) elsewhere (Huber 1964).
   *
   * @throws ShapeException if the shapes differ
   * @throws ArgumentException if delta is not positive
   */
  public static Tensor huberLoss(Tensor input, Tensor target, double delta, LossReduction reduction) {
    if (!(delta > 0)) {
      throw new ArgumentException("huberLoss: delta is not positive: " + delta);
    }
    return elementwise("huberLoss", "HuberLoss", input, target, reduction, (x, t) -> {
      Expr d = distance();
      Expr near = Expr.call(Fn.MUL, Expr.call(Fn.MUL, d, d), Expr.constant(0.5));
      Expr far = Expr.call(Fn.MUL, Expr.call(Fn.SUB, d, Expr.constant(0.5 * delta)), Expr.constant(delta));
      return Primitives.pointwise(Expr.where(Expr.call(Fn.GE, d, Expr.constant(delta)), far, near), x, t);
    });
  }

  /** |x - t|. */
  private static Expr distance() {
    return Expr.call(Fn.ABS, Expr.call(Fn.SUB, Expr.arg(0), Expr.arg(1)));
  }

  private static Tensor elementwise(
      String op, String grad, Tensor input, Tensor target, LossReduction reduction, BinaryOperator<Tensor> loss) {
    if (!input.shape().equals(target.shape())) {
      throw new ShapeException(op + ": input " + input.shape() + " and target " + target.shape() + " differ; reshape or expand one");
    }
    return input.dtype() == target.dtype()
        ? Primitives.single(op, grad, input, x -> reduced(loss.apply(x, target.to(x.dtype())), reduction))
        : Gate.named(OpName.of(op, grad), () -> reduced(loss.apply(input, target), reduction));
  }

  /** {@code t}, in the type that x is computed in if its own is a half one. */
  static Tensor wide(Tensor t, Tensor x) {
    return t.dtype().half() ? t.to(x.dtype()) : t;
  }

  static Tensor reduced(Tensor each, LossReduction reduction) {
    return switch (reduction) {
      case MEAN -> each.mean();
      case SUM -> each.sum();
      case NONE -> each;
    };
  }
}
