package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Means of windows: [n, c, l] → [n, c, m]. */
public final class AvgPool1d extends Parameterless {
  /** Windows of {@code kernel} elements side by side. */
  public AvgPool1d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public AvgPool1d(PoolOptions options) {
    super(x -> Pooling.avgPool1d(x, options), Text.pools(options));
  }
}
