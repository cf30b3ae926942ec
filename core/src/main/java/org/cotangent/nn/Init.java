package org.cotangent.nn;

import org.cotangent.Autograd;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;

/**
 * Initial values of parameters, set in place without being recorded. Each method returns its tensor; those without a generator draw
 * from the default one.
 *
 * <p>For a weight [out, in, k...] the fan in is in · k..., the fan out is out · k....
 */
public final class Init {
  private Init() {}

  /** Uniform in [low, high). */
  public static Tensor uniform_(Tensor t, double low, double high) {
    return uniform_(t, low, high, Generator.standard());
  }

  /**
   * Uniform in [low, high).
   *
   * @throws ArgumentException if low is above high
   */
  public static Tensor uniform_(Tensor t, double low, double high, Generator g) {
    if (!(low <= high)) {
      throw new ArgumentException("uniform_: no numbers from " + low + " to below " + high);
    }
    return set(t, Tensor.rand(t.shape(), t.dtype(), t.device(), g).mul(high - low).add(low));
  }

  /** Normal with this mean and standard deviation. */
  public static Tensor normal_(Tensor t, double mean, double std) {
    return normal_(t, mean, std, Generator.standard());
  }

  /**
   * Normal with this mean and standard deviation.
   *
   * @throws ArgumentException if the standard deviation is negative
   */
  public static Tensor normal_(Tensor t, double mean, double std, Generator g) {
    if (!(std >= 0)) {
      throw new ArgumentException("normal_: the standard deviation is negative: " + std);
    }
    return set(t, Tensor.randn(t.shape(), t.dtype(), t.device(), g).mul(std).add(mean));
  }

  /** Every element {@code v}. */
  public static Tensor constant_(Tensor t, double v) {
    return set(t, Tensor.fullLike(t, v));
  }

  /** Uniform in ±gain √(6 / (fan in + fan out)) (Glorot and Bengio 2010). */
  public static Tensor xavierUniform_(Tensor t, double gain) {
    return xavierUniform_(t, gain, Generator.standard());
  }

  /**
   * Uniform in ±gain √(6 / (fan in + fan out)) (Glorot and Bengio 2010).
   *
   * @throws ShapeException for fewer than two axes
   */
  public static Tensor xavierUniform_(Tensor t, double gain, Generator g) {
    double bound = gain * Math.sqrt(6.0 / (fan("xavierUniform_", t, 1) + fan("xavierUniform_", t, 0)));
    return uniform_(t, -bound, bound, g);
  }

  /** Normal with standard deviation gain √(2 / (fan in + fan out)) (Glorot and Bengio 2010). */
  public static Tensor xavierNormal_(Tensor t, double gain) {
    return xavierNormal_(t, gain, Generator.standard());
  }

  /**
   * Normal with standard deviation gain √(2 / (fan in + fan out)) (Glorot and Bengio 2010).
   *
   * @throws ShapeException for fewer than two axes
   */
  public static Tensor xavierNormal_(Tensor t, double gain, Generator g) {
    return normal_(t, 0, gain * Math.sqrt(2.0 / (fan("xavierNormal_", t, 1) + fan("xavierNormal_", t, 0))), g);
  }

  /** Uniform in ±√(6 / ((1 + a²) fan in)) (He et al. 2015), for a leaky ReLU of slope a: 0 for ReLU. */
  public static Tensor kaimingUniform_(Tensor t, double a) {
    return kaimingUniform_(t, a, Generator.standard());
  }

  /**
   * Uniform in ±√(6 / ((1 + a²) fan in)) (He et al. 2015), for a leaky ReLU of slope a: 0 for ReLU.
   *
   * @throws ShapeException for fewer than two axes
   */
  public static Tensor kaimingUniform_(Tensor t, double a, Generator g) {
    double bound = Math.sqrt(6 / ((1 + a * a) * Math.max(1, fan("kaimingUniform_", t, 1))));
    return uniform_(t, -bound, bound, g);
  }

  /** Normal with standard deviation √(2 / ((1 + a²) fan in)) (He et al. 2015), for a leaky ReLU of slope a: 0 for ReLU. */
  public static Tensor kaimingNormal_(Tensor t, double a) {
    return kaimingNormal_(t, a, Generator.standard());
  }

  /**
   * Normal with standard deviation √(2 / ((1 + a²) fan in)) (He et al. 2015), for a leaky ReLU of slope a: 0 for ReLU.
   *
   * @throws ShapeException for fewer than two axes
   */
  public static Tensor kaimingNormal_(Tensor t, double a, Generator g) {
    return normal_(t, 0, Math.sqrt(2 / ((1 + a * a) * Math.max(1, fan("kaimingNormal_", t, 1)))), g);
  }

  /** Fan in for axis 1, fan out for axis 0. */
  private static double fan(String op, Tensor t, int axis) {
    if (t.rank() < 2) {
      throw new ShapeException(op + ": " + t.shape() + " has no fan in and fan out; it needs at least two axes");
    }
    return t.size(axis) * (double) t.shape().range(2, t.rank()).size();
  }

  private static Tensor set(Tensor t, Tensor v) {
    Autograd.noGrad(() -> {
      t.copy_(v);
    });
    return t;
  }
}
