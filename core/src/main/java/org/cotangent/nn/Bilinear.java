package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Functional;

/**
 * sum over i and j of x[..., i] weight[o, i, j] y[..., j] + bias[o]: [..., n] and [..., m] → [..., out].
 *
 * <p>Parameters "weight" [out, n, m] and "bias" [out] start uniform in ±1/√n, as in PyTorch. {@link #apply(Tensor)} takes y = x.
 */
public final class Bilinear extends Layer {
  private final int[] sizes;
  private final boolean bias;

  /** With a bias. */
  public Bilinear(int n, int m, int out) {
    this(n, m, out, true, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @throws ArgumentException if a size is not positive
   */
  public Bilinear(int n, int m, int out, boolean bias, Generator g) {
    if (n < 1 || m < 1 || out < 1) {
      throw new ArgumentException("Bilinear: numbers of features are not positive: " + n + " and " + m + " in, " + out + " out");
    }
    this.sizes = new int[] {n, m, out};
    this.bias = bias;
    double bound = 1 / Math.sqrt(n);
    parameter("weight", Init.uniform_(Tensor.zeros(out, n, m), -bound, bound, g));
    if (bias) {
      parameter("bias", Init.uniform_(Tensor.zeros(out), -bound, bound, g));
    }
  }

  /**
   * The result for x [..., n] and y [..., m].
   *
   * @throws ShapeException if they do not fit
   */
  public Tensor apply(Tensor x, Tensor y) {
    return bias ? Functional.bilinear(x, y, parameter("weight"), parameter("bias")) : Functional.bilinear(x, y, parameter("weight"));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return apply(x, x);
  }

  @Override
  protected String settings() {
    return "in1_features=" + sizes[0] + ", in2_features=" + sizes[1] + ", out_features=" + sizes[2] + ", bias=" + Text.flag(bias);
  }
}
