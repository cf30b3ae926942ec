package org.cotangent.nn;

import org.cotangent.Tensor;

/** x / (1 + exp(-x)). */
public final class SiLU extends Layer {
  /** Has no parameters. */
  public SiLU() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.silu();
  }
}
