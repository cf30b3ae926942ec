package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Largest elements of windows: [n, c, h, w] → [n, c, oh, ow]. */
public final class MaxPool2d extends Layer {
  private final PoolOptions options;

  /** Windows of {@code kernel} x {@code kernel} side by side. */
  public MaxPool2d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public MaxPool2d(PoolOptions options) {
    this.options = options;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Pooling.maxPool2d(x, options);
  }

  @Override
  protected String settings() {
    return pool(options) + ", dilation=" + Text.oneOrTuple(options.dilation()) + ", ceil_mode=" + Text.flag(options.ceilMode());
  }

  static String pool(PoolOptions o) {
    int[] stride = o.stride().length == 0 ? o.kernel() : o.stride();
    return "kernel_size=" + Text.oneOrTuple(o.kernel()) + ", stride=" + Text.oneOrTuple(stride) + ", padding="
        + Text.oneOrTuple(o.padding());
  }
}
