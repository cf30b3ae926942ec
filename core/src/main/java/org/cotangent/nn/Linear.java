package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Functional;

/**
 * x · weightᵀ + bias: [..., in] → [..., out].
 *
 * <p>Parameters "weight" [out, in] and "bias" [out] start uniform in ±1/√in, as in PyTorch.
 */
public final class Linear extends Layer {
  private final int in;
  private final int out;
  private final boolean bias;

  /** With a bias. */
  public Linear(int in, int out) {
    this(in, out, true);
  }

  /** With or without a bias. */
  public Linear(int in, int out, boolean bias) {
    this(in, out, bias, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @throws ArgumentException if a number of features is not positive
   */
  public Linear(int in, int out, boolean bias, Generator g) {
    if (in < 1 || out < 1) {
      throw new ArgumentException("Linear: numbers of features are not positive: " + in + " in, " + out + " out");
    }
    this.in = in;
    this.out = out;
    this.bias = bias;
    double bound = 1 / Math.sqrt(in);
    parameter("weight", Init.uniform_(Tensor.zeros(out, in), -bound, bound, g));
    if (bias) {
      parameter("bias", Init.uniform_(Tensor.zeros(out), -bound, bound, g));
    }
  }

  /** The matrix [out, in]. */
  public Tensor weight() {
    return parameter("weight");
  }

  /**
   * The vector [out].
   *
   * @throws ArgumentException if the layer has none
   */
  public Tensor bias() {
    return parameter("bias");
  }

  @Override
  protected Tensor forward(Tensor x) {
    return bias ? Functional.linear(x, weight(), bias()) : Functional.linear(x, weight());
  }

  @Override
  protected String settings() {
    return "in_features=" + in + ", out_features=" + out + ", bias=" + Text.flag(bias);
  }
}
