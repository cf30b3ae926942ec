package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** (x + 3) / 6 limited to [0, 1] (Howard et al. 2019). */
public final class Hardsigmoid extends Parameterless {
  /** Has no parameters. */
  public Hardsigmoid() {
    super(Activations::hardsigmoid, "");
  }
}
