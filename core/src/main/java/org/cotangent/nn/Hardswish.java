package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** 0 below -3, x above 3, x (x + 3) / 6 between (Howard et al. 2019). */
public final class Hardswish extends Parameterless {
  /** Has no parameters. */
  public Hardswish() {
    super(Activations::hardswish, "");
  }
}
