package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** 0 from -lambda to lambda, x elsewhere. */
public final class Hardshrink extends Parameterless {
  /** With a lambda of 0.5. */
  public Hardshrink() {
    this(0.5);
  }

  /** With this lambda. */
  public Hardshrink(double lambda) {
    super(x -> Activations.hardshrink(x, lambda), Text.number(lambda));
  }
}
