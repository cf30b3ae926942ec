package org.cotangent.nn;

import org.cotangent.ops.AdaptivePooling;

/** Largest elements of as many parts as told: [n, c, *, *, *] → [n, c, d, h, w]; see {@link AdaptivePooling}. */
public final class AdaptiveMaxPool3d extends Parameterless {
  /** The same size along each axis. */
  public AdaptiveMaxPool3d(int size) {
    this(size, size, size);
  }

  /** This size; -1 keeps an axis. */
  public AdaptiveMaxPool3d(int d, int h, int w) {
    super(x -> AdaptivePooling.maxPoolWithIndices(x, d, h, w).values(), "output_size=" + Text.sizes(d, h, w));
  }
}
