package org.cotangent.nn;

import org.cotangent.ops.AdaptivePooling;

/** Means of as many parts as told: [n, c, l] → [n, c, m]; see {@link AdaptivePooling}. */
public final class AdaptiveAvgPool1d extends Parameterless {
  /** This size; -1 keeps an axis. */
  public AdaptiveAvgPool1d(int m) {
    super(x -> AdaptivePooling.avgPool(x, m), "output_size=" + Text.sizes(m));
  }
}
