package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Means of windows: [n, c, d, h, w] → [n, c, od, oh, ow]. */
public final class AvgPool3d extends Parameterless {
  /** Windows of {@code kernel} elements along each axis side by side. */
  public AvgPool3d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public AvgPool3d(PoolOptions options) {
    super(x -> Pooling.avgPool3d(x, options), Text.pool(options));
  }
}
