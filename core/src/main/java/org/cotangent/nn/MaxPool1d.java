package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Largest elements of windows: [n, c, l] → [n, c, m]. */
public final class MaxPool1d extends Parameterless {
  /** Windows of {@code kernel} elements side by side. */
  public MaxPool1d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public MaxPool1d(PoolOptions options) {
    super(x -> Pooling.maxPool1d(x, options), Text.pool(options) + ", dilation=" + Text.oneOrTuple(options.dilation()) + ", ceil_mode="
        + Text.flag(options.ceilMode()));
  }
}
