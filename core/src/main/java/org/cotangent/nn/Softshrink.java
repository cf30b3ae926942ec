package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x - lambda above lambda, x + lambda below -lambda, 0 between. */
public final class Softshrink extends Parameterless {
  /** With a lambda of 0.5. */
  public Softshrink() {
    this(0.5);
  }

  /** With this lambda, which is not negative. */
  public Softshrink(double lambda) {
    super(x -> Activations.softshrink(x, lambda), Text.number(lambda));
  }
}
