package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Dropout of whole channels, dropout that keeps mean and variance, and activations with noise. While not training they do nothing
 * random.
 *
 * <p>All throw {@link ArgumentException} if a probability is not between 0 and 1.
 */
public final class Dropouts {
  /** -scale · alpha of SELU (Klambauer et al. 2017): the value of an element that is dropped. */
  private static final double SATURATED = -1.7580993408473766;

  private Dropouts() {}

  /** {@link Functional#dropout} of whole channels: x [n, c, l] or [c, l]. */
  public static Tensor dropout1d(Tensor x, double p, boolean training, Generator g) {
    return channels("dropout1d", x, 1, p, training, g);
  }

  /** {@link Functional#dropout} of whole channels: x [n, c, h, w]; three axes count as [n, c, l], as in PyTorch. */
  public static Tensor dropout2d(Tensor x, double p, boolean training, Generator g) {
    return dropped("dropout2d", x, p, training, g);
  }

  /** {@link Functional#dropout} of whole channels: x [n, c, d, h, w] or [c, d, h, w]. */
  public static Tensor dropout3d(Tensor x, double p, boolean training, Generator g) {
    return channels("dropout3d", x, 3, p, training, g);
  }

  private static Tensor channels(String op, Tensor x, int axes, double p, boolean training, Generator g) {
    if (x.rank() != axes + 1 && x.rank() != axes + 2) {
      throw new ShapeException(op + ": expected " + (axes + 1) + "D or " + (axes + 2) + "D input, but received a " + x.rank()
          + "D input: " + x.shape());
    }
    boolean single = x.rank() == axes + 1;
    Tensor y = dropped(op, single ? x.unsqueeze(0) : x, p, training, g);
    return single ? y.squeeze(0) : y;
  }

  private static Tensor dropped(String op, Tensor x, double p, boolean training, Generator g) {
    probability(op, p);
    if (x.rank() < 2) {
      throw new ShapeException(op + ": " + x.shape() + " has no channels; expected [n, c, ...]");
    }
    if (!training || p == 0) {
      return x;
    }
    return Gate.named(OpName.of(op, "Mul"), () -> x.mul(kept(perChannel(x), x, p, g).mul(p == 1 ? 0 : 1 / (1 - p))));
  }

  private static Shape perChannel(Tensor x) {
    Shape s = x.shape();
    for (int i = 2; i < x.rank(); i++) {
      s = s.with(i, 1);
    }
    return s;
  }

  /** 1 with probability 1 - p, else 0. */
  private static Tensor kept(Shape s, Tensor x, double p, Generator g) {
    return p == 1 ? Tensor.full(s, 0, x.dtype(), x.device()) : Tensor.rand(s, DType.FLOAT32, x.device(), g).ge(p).to(x.dtype());
  }

  private static void probability(String op, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new ArgumentException(op + ": dropout probability has to be between 0 and 1, but got " + p);
    }
  }

  /**
   * Dropout for SELU networks: dropped elements get SELU's saturated value, and all are scaled so that mean 0 and variance 1 stay
   * (Klambauer et al. 2017).
   */
  public static Tensor alphaDropout(Tensor x, double p, boolean training, Generator g) {
    return saturated("alphaDropout", x.shape(), x, p, training, g);
  }

  /** {@link #alphaDropout} of whole channels of x [n, c, ...]. */
  public static Tensor featureAlphaDropout(Tensor x, double p, boolean training, Generator g) {
    if (x.rank() < 2) {
      throw new ShapeException("featureAlphaDropout: " + x.shape() + " has no channels; expected [n, c, ...]");
    }
    return saturated("featureAlphaDropout", perChannel(x), x, p, training, g);
  }

  private static Tensor saturated(String op, Shape noise, Tensor x, double p, boolean training, Generator g) {
    probability(op, p);
    if (!training || p == 0) {
      return x;
    }
    return Gate.named(OpName.of(op, "Add"), () -> {
      if (p == 1) {
        return x.mul(0.0);
      }
      double a = 1 / Math.sqrt((SATURATED * SATURATED * p + 1) * (1 - p));
      Tensor keep = kept(noise, x, p, g);
      return x.mul(keep.mul(a)).add(keep.rsub(1.0).mul(SATURATED * a).sub(SATURATED * a * p));
    });
  }

  /**
   * x where positive, else a x: while training a is uniform in [lower, upper), a new one for each element, else their middle (Xu et
   * al. 2015).
   *
   * @throws ArgumentException if lower is above upper
   */
  public static Tensor rrelu(Tensor x, double lower, double upper, boolean training, Generator g) {
    if (!(lower <= upper)) {
      throw new ArgumentException("rrelu: lower bound should be less than or equal to the upper bound: " + lower + ", " + upper);
    }
    if (!training) {
      return Activations.leakyRelu(x, (lower + upper) / 2);
    }
    return Gate.named(OpName.of("rrelu", "RreluWithNoise"), () -> {
      Tensor slope = Tensor.rand(x.shape(), x.dtype(), x.device(), g).mul(upper - lower).add(lower);
      return Tensor.where(x.le(0), x.mul(slope), x);
    });
  }

  /**
   * A sample of the Gumbel-softmax distribution along an axis (Jang et al. 2017): softmax((x + g) / tau) for Gumbel noise g. If {@code
   * hard}, 1 at the largest element and 0 elsewhere, with the gradient of the soft sample.
   *
   * @throws ArgumentException if tau is not positive
   */
  public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard, int axis, Generator g) {
    if (!(tau > 0)) {
      throw new ArgumentException("gumbelSoftmax: tau is not positive: " + tau);
    }
    return Gate.named(OpName.of("gumbelSoftmax", hard ? "Add" : "Softmax"), () -> {
      Tensor noise = Tensor.rand(logits.shape(), logits.dtype(), logits.device(), g).log().neg().log().neg();
      Tensor soft = logits.add(noise).div(tau).softmax(axis);
      if (!hard) {
        return soft;
      }
      Tensor best = soft.detach().argmax(axis, true);
      Tensor sharp = Tensor.zerosLike(soft).scatter(axis, best, 1);
      return sharp.sub(soft.detach()).add(soft);
    });
  }
}
