package org.cotangent.nn;

import org.cotangent.ops.AdaptivePooling;

/** Means of as many parts as told: [n, c, *, *, *] → [n, c, d, h, w]; see {@link AdaptivePooling}. */
public final class AdaptiveAvgPool3d extends Parameterless {
  /** The same size along each axis. */
  public AdaptiveAvgPool3d(int size) {
    this(size, size, size);
  }

  /** This size; -1 keeps an axis. */
  public AdaptiveAvgPool3d(int d, int h, int w) {
    super(x -> AdaptivePooling.avgPool(x, d, h, w), "output_size=" + Text.sizes(d, h, w));
  }
}
