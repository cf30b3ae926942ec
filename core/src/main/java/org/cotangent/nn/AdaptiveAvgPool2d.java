package org.cotangent.nn;

import org.cotangent.ops.AdaptivePooling;

/** Means of as many parts as told: [n, c, *, *] → [n, c, h, w]; see {@link AdaptivePooling}. */
public final class AdaptiveAvgPool2d extends Parameterless {
  /** The same size along each axis. */
  public AdaptiveAvgPool2d(int size) {
    this(size, size);
  }

  /** This size; -1 keeps an axis. */
  public AdaptiveAvgPool2d(int h, int w) {
    super(x -> AdaptivePooling.avgPool(x, h, w), "output_size=" + Text.sizes(h, w));
  }
}
