package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x tanh(softplus(x)) (Misra 2019). */
public final class Mish extends Parameterless {
  /** Has no parameters. */
  public Mish() {
    super(Activations::mish, "");
  }
}
