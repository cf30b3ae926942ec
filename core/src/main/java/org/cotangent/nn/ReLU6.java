package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x limited to [0, 6]. */
public final class ReLU6 extends Parameterless {
  /** Has no parameters. */
  public ReLU6() {
    super(Activations::relu6, "");
  }
}
