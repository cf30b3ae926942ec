package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x / (1 + |x|). */
public final class Softsign extends Parameterless {
  /** Has no parameters. */
  public Softsign() {
    super(Activations::softsign, "");
  }
}
