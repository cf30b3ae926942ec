package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x limited to [low, high]. */
public final class Hardtanh extends Parameterless {
  /** From -1 to 1. */
  public Hardtanh() {
    this(-1, 1);
  }

  /** From low to high. */
  public Hardtanh(double low, double high) {
    super(x -> Activations.hardtanh(x, low, high), "min_val=" + Text.number(low) + ", max_val=" + Text.number(high));
  }
}
