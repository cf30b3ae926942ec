package org.cotangent.ops;

import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;

/**
 * Losses over a class axis: axis 1, or the only one.
 *
 * <p>With s = x - max(x) the log-probabilities are s - log(sum(exp(s))). Only the target's is read off, so that nothing of [n, c] is stored
 * but the gradient.
 */
final class ClassLosses {
  private final String op;
  private final Tensor x;
  private final ClassOptions options;
  private final int axis;
  private final int classes;

  private ClassLosses(String op, Tensor x, ClassOptions options) {
    if (x.rank() == 0) {
      throw new ShapeException(op + ": the input is a scalar; expected [c], [n, c] or [n, c, d...]");
    }
    if (!x.dtype().floating()) {
      throw new DTypeException(op + ": needs a floating input, not " + x.dtype() + "; convert with to(DType.FLOAT32)");
    }
    this.op = op;
    this.x = x;
    this.options = options;
    this.axis = x.rank() == 1 ? 0 : 1;
    this.classes = x.size(axis);
    options.weight().ifPresent(w -> {
      if (!w.shape().equals(Shape.of(classes))) {
        throw new ShapeException(op + ": weights " + w.shape() + " do not fit " + classes + " classes; expected [" + classes + "]");
      }
    });
  }

  static Tensor crossEntropy(Tensor logits, Tensor targets, ClassOptions options) {
    var loss = new ClassLosses("crossEntropy", logits, options);
    if (targets.dtype().floating()) {
      return loss.probabilities(targets);
    }
    String grad = options.labelSmoothing() > 0 ? "Add" : loss.gradName();
    return loss.run(grad, l -> l.reduce(targets, true));
  }

  static Tensor nllLoss(Tensor logProbabilities, Tensor targets, ClassOptions options) {
    var loss = new ClassLosses("nllLoss", logProbabilities, options.labelSmoothing(0));
    return loss.run(loss.gradName(), l -> l.reduce(targets, false));
  }

  private Tensor run(String grad, Function<ClassLosses, Tensor> body) {
    return Primitives.single(op, grad, x, v -> body.apply(new ClassLosses(op, v, options)));
  }

  private String gradName() {
    return x.rank() > 2 ? "NllLoss2D" : "NllLoss";
  }

  private Tensor reduce(Tensor targets, boolean logits) {
    Tensor t = indices(targets);
    Tensor at = Primitives.pointwise(call(Fn.MUL, arg(0), Expr.cast(DType.INT64, counts())), DType.INT64, t.unsqueeze(axis));
    Tensor picked = x.gather(axis, at).squeeze(axis);
    Optional<Tensor> w = options.weight().map(v -> v.to(x.dtype()).gather(0, at.reshape(-1)).reshape(t.shape().dims()));
    Tensor each = logits ? ofLogits(picked, w, t) : counted(call(Fn.NEG, arg(1)), w, t, picked);
    return switch (options.reduction()) {
      case MEAN -> row(each).sum(-1).div(counted(Expr.constant(1), w.map(ClassLosses::row), row(t)).sum(-1)).reshape();
      case SUM -> row(each).sum(-1).reshape();
      case NONE -> each;
    };
  }

  /** The weighted losses of logits. */
  private Tensor ofLogits(Tensor picked, Optional<Tensor> w, Tensor t) {
    Tensor max = x.detach().amax(new int[] {axis}, false);
    Tensor s = x.sub(Primitives.repeated(max, axis, classes));
    Tensor sum = s.exp().sum(axis);
    if (options.labelSmoothing() == 0) {
      return counted(call(Fn.SUB, call(Fn.LOG, arg(1)), call(Fn.SUB, arg(2), arg(3))), w, t, sum, picked, max);
    }
    Tensor logSum = sum.log();
    Tensor each = logSum.sub(picked.sub(max));
    return counted(arg(1), Optional.empty(), t, smooth(w.map(each::mul).orElse(each), logSum, s));
  }

  /** Whether argument 0, a target, counts. */
  private Expr counts() {
    return call(Fn.NE, arg(0), Expr.constant(options.ignoreIndex()));
  }

  /** {@code e} of the inputs, in which argument 0 is the target, times the weight of each; 0 where the target does not count. */
  private Tensor counted(Expr e, Optional<Tensor> w, Tensor... in) {
    Tensor[] all = Arrays.copyOf(in, in.length + (w.isPresent() ? 1 : 0));
    w.ifPresent(v -> all[in.length] = v);
    Expr weighted = w.isPresent() ? call(Fn.MUL, e, arg(in.length)) : e;
    return Primitives.pointwise(Expr.cast(x.dtype(), call(Fn.WHERE, counts(), weighted, Expr.constant(0))), all);
  }

  /** All examples as one row [1, n], so that weights, sums and quotient are one kernel that walks it; a single one as it is. */
  private static Tensor row(Tensor each) {
    return each.rank() == 0 ? each : each.reshape(1, (int) each.size());
  }

  private Tensor indices(Tensor targets) {
    if (!targets.dtype().integer()) {
      throw new DTypeException(op + ": targets are " + targets.dtype() + ", not class indices; convert with to(DType.INT64)");
    }
    Shape expected = x.shape().without(axis);
    if (!targets.shape().equals(expected)) {
      throw new ShapeException(op + ": targets " + targets.shape() + " do not fit the input " + x.shape() + "; expected " + expected);
    }
    return targets.to(DType.INT64);
  }

  private Tensor smooth(Tensor each, Tensor logSum, Tensor s) {
    double e = options.labelSmoothing();
    Tensor uniform = options.weight()
        .map(w -> logSum.unsqueeze(axis).sub(s).mul(alongClasses(w)).sum(axis))
        .orElseGet(() -> logSum.mul(classes).sub(s.sum(axis)));
    return each.mul(1 - e).add(uniform.mul(e / classes));
  }

  private Tensor alongClasses(Tensor w) {
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = classes;
    return w.to(x.dtype()).reshape(dims);
  }

  private Tensor probabilities(Tensor targets) {
    if (!targets.shape().equals(x.shape())) {
      throw new ShapeException(
          op + ": probabilities " + targets.shape() + " do not fit the input " + x.shape()
              + "; expected one for each logit, or class indices of type int64");
    }
    double e = options.labelSmoothing();
    return run(options.reduction() == LossReduction.MEAN ? "Div" : "Neg", l -> {
      Tensor p = Losses.wide(targets, l.x);
      return l.divergence(e > 0 ? p.mul(1 - e).add(e / classes) : p);
    });
  }

  private Tensor divergence(Tensor p) {
    Tensor s = x.sub(x.detach().amax(new int[] {axis}, true));
    Tensor terms = s.exp().sum(new int[] {axis}, true).log().sub(s).mul(p);
    Tensor each = options.weight().map(w -> terms.mul(alongClasses(w))).orElse(terms).sum(axis);
    return Losses.reduced(each, options.reduction());
  }
}
