package org.cotangent.nn;

import org.cotangent.Tensor;

/** log(1 / (1 + exp(-x))), without overflow. */
public final class LogSigmoid extends Parameterless {
  /** Has no parameters. */
  public LogSigmoid() {
    super(Tensor::logSigmoid, "");
  }
}
