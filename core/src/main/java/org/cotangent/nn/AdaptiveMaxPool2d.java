package org.cotangent.nn;

import org.cotangent.ops.AdaptivePooling;

/** Largest elements of as many parts as told: [n, c, *, *] → [n, c, h, w]; see {@link AdaptivePooling}. */
public final class AdaptiveMaxPool2d extends Parameterless {
  /** The same size along each axis. */
  public AdaptiveMaxPool2d(int size) {
    this(size, size);
  }

  /** This size; -1 keeps an axis. */
  public AdaptiveMaxPool2d(int h, int w) {
    super(x -> AdaptivePooling.maxPoolWithIndices(x, h, w).values(), "output_size=" + Text.sizes(h, w));
  }
}
