package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x where positive, else slope x. */
public final class LeakyReLU extends Parameterless {
  /** With a slope of 0.01. */
  public LeakyReLU() {
    this(0.01);
  }

  /** With this slope. */
  public LeakyReLU(double slope) {
    super(x -> Activations.leakyRelu(x, slope), "negative_slope=" + Text.number(slope));
  }
}
