package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x - tanh(x). */
public final class Tanhshrink extends Parameterless {
  /** Has no parameters. */
  public Tanhshrink() {
    super(Activations::tanhshrink, "");
  }
}
