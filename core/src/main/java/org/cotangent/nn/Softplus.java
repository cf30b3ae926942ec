package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold. */
public final class Softplus extends Parameterless {
  /** With a beta of 1 and a threshold of 20. */
  public Softplus() {
    this(1, 20);
  }

  /** With these numbers. */
  public Softplus(double beta, double threshold) {
    super(x -> Activations.softplus(x, beta, threshold), "beta=" + Text.number(beta) + ", threshold=" + Text.number(threshold));
  }
}
