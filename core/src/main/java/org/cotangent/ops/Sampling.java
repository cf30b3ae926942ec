package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;

/** Draws whose distribution is given by tensors. They have no gradient. */
public final class Sampling {
  private Sampling() {}

  /** 1 with probability p, else 0, of p's type; p is between 0 and 1. */
  public static Tensor bernoulli(Tensor p, Generator g) {
    return uniform(p.shape(), p, g).lt(p.detach()).to(p.dtype());
  }

  private static Tensor uniform(Shape s, Tensor like, Generator g) {
    return Tensor.rand(s, like.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32, like.device(), g);
  }

  /** Normally distributed around {@code mean} with this deviation; the two broadcast. */
  public static Tensor normal(Tensor mean, Tensor deviation, Generator g) {
    Shape s = Shape.broadcast("normal", mean.shape(), deviation.shape());
    return Tensor.randn(s, DType.promote(mean.dtype(), deviation.dtype()).orFloat(), mean.device(), g).mul(deviation.detach()).add(mean.detach());
  }

  /**
   * Places drawn with probabilities in proportion to weights [..., k] → [..., n], int64; without replacement each place once at most.
   *
   * @throws ShapeException if the weights are a scalar
   * @throws ArgumentException if n is not positive, or there are fewer than n places to draw from without replacement
   */
  public static Tensor multinomial(Tensor weights, int n, boolean replacement, Generator g) {
    if (weights.rank() == 0) {
      throw new ShapeException("multinomial: the weights are a scalar; expected [..., k]");
    }
    if (n < 1 || !replacement && n > weights.size(-1)) {
      throw new ArgumentException("multinomial: cannot draw " + n + " places from " + weights.size(-1) + (replacement ? "" : " without replacement"));
    }
    Tensor w = weights.detach();
    if (!replacement) { // the largest of log w + Gumbel noise come first in just this way (Yellott 1977)
      return w.log().sub(uniform(w.shape(), w, g).log().neg().log()).topk(n, -1, true).indices();
    }
    Tensor ends = w.cumsum(-1);
    Tensor total = ends.narrow(-1, weights.size(-1) - 1, 1);
    Tensor u = uniform(w.shape().without(w.rank() - 1).append(n), w, g).mul(total);
    return ends.searchsorted(u.minimum(total.mul(1 - 0x1p-24)), true);
  }
}
