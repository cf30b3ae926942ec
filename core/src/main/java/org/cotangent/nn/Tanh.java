package org.cotangent.nn;

import org.cotangent.Tensor;

/** Hyperbolic tangent. */
public final class Tanh extends Layer {
  /** Has no parameters. */
  public Tanh() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.tanh();
  }
}
