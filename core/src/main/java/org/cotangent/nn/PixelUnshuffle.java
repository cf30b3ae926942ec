package org.cotangent.nn;

import org.cotangent.ops.Patches;

/** The inverse of {@link PixelShuffle}: [..., c, h r, w r] → [..., c r², h, w]. */
public final class PixelUnshuffle extends Parameterless {
  /** With the factor r. */
  public PixelUnshuffle(int r) {
    super(x -> Patches.pixelUnshuffle(x, r), "downscale_factor=" + r);
  }
}
