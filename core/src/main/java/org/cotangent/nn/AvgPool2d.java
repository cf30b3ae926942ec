package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** Means of windows: [n, c, h, w] → [n, c, oh, ow]. */
public final class AvgPool2d extends Layer {
  private final PoolOptions options;

  /** Windows of {@code kernel} x {@code kernel} side by side. */
  public AvgPool2d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Windows as told. */
  public AvgPool2d(PoolOptions options) {
    this.options = options;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Pooling.avgPool2d(x, options);
  }

  @Override
  protected String settings() {
    return MaxPool2d.pool(options);
  }
}
