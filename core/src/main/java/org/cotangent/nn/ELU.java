package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x where positive, else alpha (exp(x) - 1) (Clevert et al. 2016). */
public final class ELU extends Parameterless {
  /** With an alpha of 1. */
  public ELU() {
    this(1);
  }

  /** With this alpha. */
  public ELU(double alpha) {
    super(x -> Activations.elu(x, alpha), "alpha=" + Text.number(alpha));
  }
}
