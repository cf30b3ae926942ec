package org.cotangent.nn;

import org.cotangent.Tensor;

/** 1 / (1 + exp(-x)). */
public final class Sigmoid extends Parameterless {
  /** Has no parameters. */
  public Sigmoid() {
    super(Tensor::sigmoid, "");
  }
}
