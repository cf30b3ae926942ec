package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Largest elements of windows: [n, c, d, h, w] → [n, c, od, oh, ow]. */
public final class MaxPool3d extends Parameterless {
  /** Windows of {@code kernel} elements along each axis side by side. */
  public MaxPool3d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public MaxPool3d(PoolOptions options) {
    super(x -> Pooling.maxPool3d(x, options), Text.pool(options) + ", dilation=" + Text.oneOrTuple(options.dilation()) + ", ceil_mode="
        + Text.flag(options.ceilMode()));
  }
}
