package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Margin losses over classes, of one label or several for each example, and losses of predicted distributions. */
public final class LabelLosses {
  private LabelLosses() {}

  /**
   * sum over the other classes i of max(0, margin - x[t] + x[i])^p / c, for the example's class t: scores [n, c] with targets [n], or
   * [c] with [] (Crammer and Singer 2001).
   *
   * @param p 1 or 2
   * @throws ArgumentException if p is neither
   * @throws ShapeException if the targets do not fit
   */
  public static Tensor multiMarginLoss(Tensor input, Tensor target, int p, double margin, LossReduction reduction) {
    return multiMargin(input, target, p, margin, Optional.empty(), reduction);
  }

  /** {@link #multiMarginLoss(Tensor, Tensor, int, double, LossReduction)} of which each term is multiplied by weight [c] of the class t. */
  public static Tensor multiMarginLoss(Tensor input, Tensor target, int p, double margin, Tensor weight, LossReduction reduction) {
    return multiMargin(input, target, p, margin, Optional.of(weight), reduction);
  }

  private static Tensor multiMargin(
      Tensor input, Tensor target, int p, double margin, Optional<Tensor> weight, LossReduction reduction) {
    String op = "multiMarginLoss";
    if (p != 1 && p != 2) {
      throw new ArgumentException(op + ": only p == 1 and p == 2 supported, not " + p);
    }
    indices(op, target);
    Tensor x = rows(op, input);
    if (target.rank() > 1 || input.rank() == 2 && target.rank() != 1 || target.size() != x.size(0)) {
      throw new ShapeException(op + ": targets " + target.shape() + " do not fit the input " + input.shape() + "; expected [" + x.size(0)
          + "]");
    }
    int c = x.size(1);
    weight.ifPresent(w -> {
      if (!w.shape().equals(Shape.of(c))) {
        throw new ShapeException(op + ": weights " + w.shape() + " do not fit " + c + " classes; expected [" + c + "]");
      }
    });
    return Gate.named(OpName.of(op), () -> {
      Tensor t = target.to(DType.INT64).reshape(-1, 1);
      Tensor gap = x.sub(x.gather(1, t)).add(margin);
      Tensor without = tooSmall(gap).or(Tensor.arange(c).to(x.device()).eq(t));
      Tensor over = gap.maskedFill(without, 0);
      Tensor terms = p == 1 ? over : over.square();
      if (weight.isPresent()) {
        Tensor factors = weight.get().indexSelect(0, t.reshape(-1)).unsqueeze(1).expand(x.shape().dims());
        terms = terms.mul(factors.maskedFill(without, 0));
      }
      return one(terms.sum(1).div((double) c), input, target, reduction);
    });
  }

  /** Whether a gap costs nothing; so does one that is NaN, as in PyTorch. */
  private static Tensor tooSmall(Tensor gap) {
    return gap.gt(0).not();
  }

  /**
   * sum over labels j and classes i that are no label of max(0, 1 - x[j] + x[i]) / c: scores [n, c] or [c] with targets of the same
   * shape, the numbers of an example's labels up to the first -1.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Tensor multilabelMarginLoss(Tensor input, Tensor target, LossReduction reduction) {
    String op = "multilabelMarginLoss";
    indices(op, target);
    if (!target.shape().equals(input.shape())) {
      throw new ShapeException(op + ": inconsistent target size: " + target.shape() + " for input of size: " + input.shape());
    }
    Tensor x = rows(op, input);
    int c = x.size(1);
    return Gate.named(OpName.of(op), () -> {
      Tensor t = target.to(DType.INT64).reshape(x.shape().dims());
      Tensor listed = t.ge(0).to(DType.INT64).cumprod(1).eq(1L);
      Tensor at = t.mul(listed.to(DType.INT64));
      Tensor label = at.unsqueeze(2).eq(Tensor.arange(c).to(x.device())).and(listed.unsqueeze(2)).any(1);
      Tensor gap = x.unsqueeze(1).sub(x.gather(1, at).unsqueeze(2)).add(1.0);
      Tensor without = tooSmall(gap).or(listed.unsqueeze(2).and(label.not().unsqueeze(1)).not());
      Tensor terms = gap.maskedFill(without, 0);
      return one(terms.sum(1, 2).div((double) c), input, input.rank() == 2 ? input.select(1, 0) : input, reduction);
    });
  }

  /**
   * Mean over classes of -t log(σ(x)) - (1 - t) log(1 - σ(x)): scores [..., c] and targets of the same shape, each 0 or 1; stable at
   * scores of any size.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Tensor multilabelSoftMarginLoss(Tensor input, Tensor target, LossReduction reduction) {
    return softMargin(input, target, Optional.empty(), reduction);
  }

  /** {@link #multilabelSoftMarginLoss(Tensor, Tensor, LossReduction)} with a factor for each class, which broadcasts to the input. */
  public static Tensor multilabelSoftMarginLoss(Tensor input, Tensor target, Tensor weight, LossReduction reduction) {
    return softMargin(input, target, Optional.of(weight), reduction);
  }

  private static Tensor softMargin(Tensor input, Tensor target, Optional<Tensor> weight, LossReduction reduction) {
    String op = "multilabelSoftMarginLoss";
    if (!input.shape().equals(target.shape()) || input.rank() == 0) {
      throw new ShapeException(op + ": input " + input.shape() + " and target " + target.shape() + " differ or have no classes");
    }
    return Gate.named(OpName.of(op, reduction == LossReduction.MEAN ? "Mean" : "Div"), () -> {
      Tensor terms = target.mul(input.logSigmoid()).add(target.rsub(1.0).mul(input.neg().logSigmoid())).neg();
      Tensor weighted = weight.map(terms::mul).orElse(terms);
      return Losses.reduced(weighted.mean(-1), reduction);
    });
  }

  private static void indices(String op, Tensor target) {
    if (!target.dtype().integer()) {
      throw new DTypeException(op + ": targets are " + target.dtype() + ", not class indices; convert with to(DType.INT64)");
    }
  }

  /** [n, c], of [n, c], [c] or []. */
  private static Tensor rows(String op, Tensor x) {
    if (x.rank() > 2 || x.rank() > 0 && x.size(-1) == 0) {
      throw new ShapeException(op + ": expected non-empty vector or matrix with optional 0-dim batch size, but got: " + x.shape());
    }
    return x.rank() == 2 ? x : x.reshape(1, -1);
  }

  /** What is left of losses [n]: without an axis of examples, a scalar. */
  private static Tensor one(Tensor each, Tensor input, Tensor target, LossReduction reduction) {
    Tensor r = Losses.reduced(each, reduction);
    return reduction == LossReduction.NONE && (input.rank() == 0 || input.rank() == 1 && target.rank() == 0 || input == target)
        ? r.reshape() : r;
  }

  /**
   * Negative log-likelihood of targets under normal distributions with means {@code input}: (log v + (x - t)² / v) / 2, and log(2π) /
   * 2 more if {@code full} (Nix and Weigend 1994). A variance v below eps counts as eps, with its gradient; a negative one gives NaN.
   *
   * @param variance of the input's shape, or one for each along the last axis: [..., 1] or [...]
   * @throws ShapeException if the variance does not fit
   * @throws ArgumentException if eps is not positive
   */
  public static Tensor gaussianNllLoss(
      Tensor input, Tensor target, Tensor variance, boolean full, double eps, LossReduction reduction) {
    String op = "gaussianNllLoss";
    Shape s = input.shape();
    boolean less = s.rank() > 0 && variance.shape().equals(s.range(0, s.rank() - 1)) && !variance.shape().equals(s);
    Tensor v = less ? variance.unsqueeze(-1) : variance;
    boolean fits = v.shape().equals(s) || s.rank() > 0 && v.shape().equals(s.with(s.rank() - 1, 1));
    if (!fits) {
      throw new ShapeException(op + ": var is of incorrect size: " + variance.shape() + " for " + s);
    }
    if (!(eps > 0)) {
      throw new ArgumentException(op + ": eps is not positive: " + eps);
    }
    return Gate.named(OpName.of(op, Distances.gradOf(reduction).replace("ClampMin", "Mul")), () -> {
      Tensor known = v.detach();
      Tensor raised = Tensor.where(known.lt(eps), known.rsub(eps), Tensor.zerosLike(known));
      Tensor bounded = v.add(raised.maskedFill(known.lt(0), Double.NaN));
      Tensor each = bounded.log().add(input.sub(target).square().div(bounded)).mul(0.5);
      return Losses.reduced(full ? each.add(0.5 * Math.log(2 * Math.PI)) : each, reduction);
    });
  }
}
