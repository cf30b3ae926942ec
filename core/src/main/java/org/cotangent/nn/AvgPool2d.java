package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Means of windows: [n, c, h, w] → [n, c, oh, ow]. */
public final class AvgPool2d extends Parameterless {
  /** Windows of {@code kernel} x {@code kernel} side by side. */
  public AvgPool2d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public AvgPool2d(PoolOptions options) {
    super(x -> Pooling.avgPool2d(x, options), Text.pool(options));
  }
}
