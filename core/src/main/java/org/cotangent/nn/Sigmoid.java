package org.cotangent.nn;

import org.cotangent.Tensor;

/** 1 / (1 + exp(-x)). */
public final class Sigmoid extends Layer {
  /** Has no parameters. */
  public Sigmoid() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.sigmoid();
  }
}
