package org.cotangent.nn;

import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Patches;

/** The transpose of {@link Unfold}: [n, c kh kw, l] → [n, c, h, w]; see {@link Patches#fold}. */
public final class Fold extends Parameterless {
  /** To pictures of this size, of these windows; stride, padding and dilation count. */
  public Fold(int[] size, int[] kernel, ConvOptions options) {
    super(x -> Patches.fold(x, size, kernel, options), "output_size=" + Text.oneOrTuple(size) + ", kernel_size=" + Text.oneOrTuple(kernel)
        + ", " + Text.windows(options));
  }
}
