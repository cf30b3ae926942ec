package org.cotangent.nn;

import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** p-norms of windows: [n, c, h, w] → [n, c, oh, ow]; see {@link Pooling#lpPool}. */
public final class LPPool2d extends Parameterless {
  /** Windows of {@code kernel} x {@code kernel} side by side. */
  public LPPool2d(double p, int kernel) {
    this(p, PoolOptions.of(kernel, kernel));
  }

  /** Windows as told, a size for each axis. */
  public LPPool2d(double p, PoolOptions options) {
    super(x -> Pooling.lpPool(x, p, options), "norm_type=" + Text.number(p) + ", kernel_size=" + Text.tuple(options.kernel()) + ", stride="
        + (options.stride().length == 0 ? "None" : Text.tuple(options.stride())) + ", ceil_mode=" + Text.flag(options.ceilMode()));
  }
}
