package org.cotangent.nn;

import org.cotangent.ops.AdaptivePooling;

/** Largest elements of as many parts as told: [n, c, l] → [n, c, m]; see {@link AdaptivePooling}. */
public final class AdaptiveMaxPool1d extends Parameterless {
  /** This size; -1 keeps an axis. */
  public AdaptiveMaxPool1d(int m) {
    super(x -> AdaptivePooling.maxPoolWithIndices(x, m).values(), "output_size=" + Text.sizes(m));
  }
}
