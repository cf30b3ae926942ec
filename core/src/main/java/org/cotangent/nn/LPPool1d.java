package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** p-norms of windows: [n, c, l] → [n, c, m]; see {@link Pooling#lpPool}. */
public final class LPPool1d extends Parameterless {
  /** Windows of {@code kernel} elements side by side. */
  public LPPool1d(double p, int kernel) {
    this(p, PoolOptions.of(kernel));
  }

  /** Windows as told, a size for each axis. */
  public LPPool1d(double p, PoolOptions options) {
    super(x -> Pooling.lpPool(x, p, options), "norm_type=" + Text.number(p) + ", kernel_size=" + Text.tuple(options.kernel()) + ", stride="
        + (options.stride().length == 0 ? "None" : Text.tuple(options.stride())) + ", ceil_mode=" + Text.flag(options.ceilMode()));
  }
}
