package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;

/** Connectionist temporal classification (Graves et al. 2006). */
public final class CtcLoss {
  private final Tensor x;
  private final Tensor target;
  private final int[] steps;
  private final int[] lengths;
  private final int blank;

  private CtcLoss(Tensor x, Tensor target, int[] steps, int[] lengths, int blank) {
    this.x = x;
    this.target = target;
    this.steps = steps;
    this.lengths = lengths;
    this.blank = blank;
  }

  /**
   * The negative logarithm of the sum of the probabilities of all ways to write a target with blanks and repeated classes: log
   * probabilities [t, n, c], or [t, c] of one example, and classes [n, s], or those of all examples one after the other.
   *
   * <p>The log probabilities are normalised once more, which changes nothing if they are ones; with that the gradient is exp(x) less the
   * expected occupancy, as PyTorch's. Logarithms are added, so long inputs are as exact as short ones. A mean divides each loss by the
   * length of its target first. A target too long for its input has an infinite loss without gradient.
   *
   * @param steps length of each example's input, at most t
   * @param lengths length of each example's target
   * @param blank the class that stands for nothing
   * @param zeroInfinity whether infinite losses become 0
   * @throws ShapeException if the arguments do not fit
   * @throws ArgumentException if a length or the blank is out of range
   */
  public static Tensor ctcLoss(
      Tensor logProbabilities, Tensor targets, int[] steps, int[] lengths, int blank, LossReduction reduction, boolean zeroInfinity) {
    String op = "ctcLoss";
    if (logProbabilities.rank() != 2 && logProbabilities.rank() != 3 || !logProbabilities.dtype().floating()) {
      throw new ShapeException(op + ": log probabilities are " + logProbabilities.dtype() + " " + logProbabilities.shape()
          + "; expected floating [t, n, c] or [t, c]");
    }
    boolean single = logProbabilities.rank() == 2;
    Tensor x = single ? logProbabilities.unsqueeze(1) : logProbabilities;
    check(op, x, targets, steps, lengths, blank);
    return Primitives.single(op, reduction == LossReduction.MEAN ? "Mean" : "CtcLoss", x, v -> {
      var run = new CtcLoss(v.logSoftmax(2), padded(targets, lengths), steps, lengths, blank);
      Tensor each = run.losses();
      if (zeroInfinity) {
        each = each.maskedFill(each.detach().eq(Double.POSITIVE_INFINITY), 0);
      }
      if (reduction == LossReduction.MEAN) {
        double[] by = Arrays.stream(lengths).mapToDouble(s -> Math.max(1, s)).toArray();
        return each.div(Tensor.of(by).to(each.dtype()).to(each.device())).mean();
      }
      return reduction == LossReduction.SUM ? each.sum() : single ? each.squeeze(0) : each;
    });
  }

  private static void check(String op, Tensor x, Tensor targets, int[] steps, int[] lengths, int blank) {
    int n = x.size(1);
    if (!targets.dtype().integer()) {
      throw new DTypeException(op + ": targets are " + targets.dtype() + ", not classes; convert with to(DType.INT64)");
    }
    if (blank < 0 || blank >= x.size(2)) {
      throw new ArgumentException(op + ": blank must be in label range: " + blank + " of " + x.size(2) + " classes");
    }
    if (steps.length != n || lengths.length != n) {
      throw new ShapeException(op + ": lengths of " + steps.length + " inputs and " + lengths.length + " targets do not fit " + n
          + " examples");
    }
    int most = targets.rank() == 2 ? targets.size(1) : Integer.MAX_VALUE;
    long sum = 0;
    for (int i = 0; i < n; i++) {
      if (steps[i] < 0 || steps[i] > x.size(0)) {
        throw new ArgumentException(op + ": expected input lengths of at most " + x.size(0) + ", but got " + steps[i] + " for example "
            + i);
      }
      if (lengths[i] < 0 || lengths[i] > most) {
        throw new ArgumentException(op + ": expected target lengths of at most " + most + ", but got " + lengths[i] + " for example " + i);
      }
      sum += lengths[i];
    }
    if (targets.rank() != 1 && targets.rank() != 2 || targets.rank() == 2 && targets.size(0) != n
        || targets.rank() == 1 && targets.size(0) != sum) {
      throw new ShapeException(op + ": targets " + targets.shape() + " do not fit " + n + " examples with targets of lengths "
          + Arrays.toString(lengths));
    }
  }

  /** Classes [n, s] for the longest target's s; what is behind a target is class 0. */
  private static Tensor padded(Tensor targets, int... lengths) {
    int n = lengths.length;
    int width = Arrays.stream(lengths).max().orElse(0);
    long[] at = new long[n * width];
    int from = 0;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < width; k++) {
        boolean inside = k < lengths[i];
        at[i * width + k] = inside ? (targets.rank() == 2 ? (long) i * targets.size(1) + k : from + k) : 0;
      }
      from += lengths[i];
    }
    Tensor flat = targets.to(DType.INT64).reshape(-1);
    return width == 0 ? Tensor.full(Shape.of(n, 0), 0, DType.INT64, targets.device())
        : flat.indexSelect(0, Tensor.of(at).to(targets.device())).reshape(n, width);
  }

  /** The loss of each example, [n]: the forward recursion over states blank, class, blank, class, ..., blank. */
  private Tensor losses() {
    int n = x.size(1);
    int s = target.size(1);
    int states = 2 * s + 1;
    Tensor blanks = Tensor.full(Shape.of(n, s, 1), blank, DType.INT64, x.device());
    Tensor pairs = Tensor.cat(2, blanks, target.unsqueeze(2)).reshape(n, 2 * s);
    Tensor labels = Tensor.cat(1, pairs, Tensor.full(Shape.of(n, 1), blank, DType.INT64, x.device()));
    Tensor jump = jumps(labels, states);
    Tensor emitted = x.gather(2, labels.unsqueeze(0).expand(x.size(0), n, states));
    boolean[] first = new boolean[states];
    first[0] = true;
    Tensor never = Tensor.full(Shape.of(n, states), Double.NEGATIVE_INFINITY, x.dtype(), x.device());
    Tensor alpha = Tensor.where(Tensor.of(first).to(x.device()), Tensor.zerosLike(never), never);
    for (int t = 0; t < x.size(0); t++) {
      Tensor one = alpha;
      Tensor next = t == 0 ? logSum(one, shifted(one, 1)) : logSum(one, shifted(one, 1), shifted(one, 2).maskedFill(jump.not(),
          Double.NEGATIVE_INFINITY));
      alpha = Tensor.where(running(t), next.add(emitted.select(0, t)), one);
    }
    return ended(alpha, states).neg();
  }

  /** Where a state may follow the one two before it: a class that differs from the class before. */
  private Tensor jumps(Tensor labels, int states) {
    if (states < 3) {
      return Tensor.full(labels.shape(), 0, DType.BOOL, x.device());
    }
    Tensor before = Tensor.cat(1, labels.narrow(1, 0, 2), labels.narrow(1, 0, states - 2));
    return labels.ne(before).and(labels.ne((double) blank));
  }

  private Tensor running(int t) {
    boolean[] r = new boolean[steps.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = t < steps[i];
    }
    return Tensor.of(r).to(x.device()).unsqueeze(1);
  }

  /** The logarithm of what is in the last two states of each example, [n]. */
  private Tensor ended(Tensor alpha, int states) {
    boolean[] last = new boolean[lengths.length * states];
    for (int i = 0; i < lengths.length; i++) {
      last[i * states + 2 * lengths[i]] = true;
      last[i * states + Math.max(0, 2 * lengths[i] - 1)] = true;
    }
    Tensor mask = Tensor.of(last).to(x.device()).reshape(lengths.length, states);
    return total(alpha.maskedFill(mask.not(), Double.NEGATIVE_INFINITY));
  }

  /** The states {@code k} further on; those before are never reached. */
  private static Tensor shifted(Tensor alpha, int k) {
    int states = alpha.size(1);
    int keep = Math.max(0, states - k);
    Tensor never = Tensor.full(Shape.of(alpha.size(0), states - keep), Double.NEGATIVE_INFINITY, alpha.dtype(), alpha.device());
    return Tensor.cat(1, never, alpha.narrow(1, 0, keep));
  }

  private static Tensor logSum(Tensor... xs) {
    return total(Tensor.stack(-1, xs));
  }

  /** log(sum(exp(x))) over the last axis, with no gradient where all are -infinity. */
  private static Tensor total(Tensor x) {
    Tensor most = x.detach().amax(new int[] {-1}, true);
    Tensor none = most.eq(Double.NEGATIVE_INFINITY);
    Tensor m = most.maskedFill(none, 0);
    Tensor sum = x.sub(m).exp().sum(-1);
    Tensor never = none.squeeze(-1);
    return sum.maskedFill(never, 1).log().add(m.squeeze(-1)).maskedFill(never, Double.NEGATIVE_INFINITY);
  }
}
