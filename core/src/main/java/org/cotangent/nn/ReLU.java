package org.cotangent.nn;

import org.cotangent.Tensor;

/** x where positive, else 0. */
public final class ReLU extends Layer {
  /** Has no parameters. */
  public ReLU() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.relu();
  }
}
