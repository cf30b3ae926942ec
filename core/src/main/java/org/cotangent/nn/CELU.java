package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x where positive, else alpha (exp(x / alpha) - 1) (Barron 2017). */
public final class CELU extends Parameterless {
  /** With an alpha of 1. */
  public CELU() {
    this(1);
  }

  /** With this alpha, which is not 0. */
  public CELU(double alpha) {
    super(x -> Activations.celu(x, alpha), "alpha=" + Text.number(alpha));
  }
}
