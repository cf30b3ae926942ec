package org.cotangent.nn;

import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Patches;

/** Windows of pictures as columns: [n, c, h, w] → [n, c kh kw, l]; see {@link Patches#unfold}. */
public final class Unfold extends Parameterless {
  /** With windows of {@code kernel} x {@code kernel} elements, 1 apart. */
  public Unfold(int kernel) {
    this(new int[] {kernel}, ConvOptions.DEFAULT);
  }

  /** With these windows; stride, padding and dilation count. */
  public Unfold(int[] kernel, ConvOptions options) {
    super(x -> Patches.unfold(x, kernel, options), "kernel_size=" + Text.oneOrTuple(kernel) + ", " + Text.windows(options));
  }
}
