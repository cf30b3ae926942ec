package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** scale x where positive, else scale alpha (exp(x) - 1), with the constants of Klambauer et al. 2017. */
public final class SELU extends Parameterless {
  /** Has no parameters. */
  public SELU() {
    super(Activations::selu, "");
  }
}
