package org.cotangent.nn;

import org.cotangent.ops.Patches;

/** Channels spread over places (Shi et al. 2016): [..., c r², h, w] → [..., c, h r, w r]. */
public final class PixelShuffle extends Parameterless {
  /** With the factor r. */
  public PixelShuffle(int r) {
    super(x -> Patches.pixelShuffle(x, r), "upscale_factor=" + r);
  }
}
