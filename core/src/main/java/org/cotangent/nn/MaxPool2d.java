package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Largest elements of windows: [n, c, h, w] → [n, c, oh, ow]. */
public final class MaxPool2d extends Parameterless {
  /** Windows of {@code kernel} x {@code kernel} side by side. */
  public MaxPool2d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public MaxPool2d(PoolOptions options) {
    super(x -> Pooling.maxPool2d(x, options), Text.pool(options) + ", dilation=" + Text.oneOrTuple(options.dilation()) + ", ceil_mode="
        + Text.flag(options.ceilMode()));
  }
}
