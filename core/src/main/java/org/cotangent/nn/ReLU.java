package org.cotangent.nn;

import org.cotangent.Tensor;

/** x where positive, else 0. */
public final class ReLU extends Parameterless {
  /** Has no parameters. */
  public ReLU() {
    super(Tensor::relu, "");
  }
}
