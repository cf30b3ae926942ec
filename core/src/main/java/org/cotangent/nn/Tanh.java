package org.cotangent.nn;

import org.cotangent.Tensor;

/** The hyperbolic tangent. */
public final class Tanh extends Parameterless {
  /** Has no parameters. */
  public Tanh() {
    super(Tensor::tanh, "");
  }
}
