package org.cotangent.nn;

import org.cotangent.ops.Norms;

/** x / (k + alpha / size · sum of x² over neighbouring channels)^beta (Krizhevsky et al. 2012), for x [n, c, ...]. */
public final class LocalResponseNorm extends Parameterless {
  /** With an alpha of 1e-4, a beta of 0.75 and a k of 1. */
  public LocalResponseNorm(int size) {
    this(size, 1e-4, 0.75, 1);
  }

  /** With these numbers. */
  public LocalResponseNorm(int size, double alpha, double beta, double k) {
    super(x -> Norms.localResponseNorm(x, size, alpha, beta, k), size + ", alpha=" + Text.number(alpha) + ", beta=" + Text.number(beta)
        + ", k=" + Text.number(k));
  }
}
