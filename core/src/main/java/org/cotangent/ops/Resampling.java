package org.cotangent.ops;

import java.util.Locale;

/** How {@link Interpolation} finds a value between elements. */
public enum Resampling {
  /** The element at floor(scale i). */
  NEAREST(0, true),
  /** The element nearest to the centre of the new one. */
  NEAREST_EXACT(0, true),
  /** A line between two elements; inputs [n, c, l]. */
  LINEAR(1, false),
  /** Lines along two axes; inputs [n, c, h, w]. */
  BILINEAR(2, false),
  /** Lines along three axes; inputs [n, c, d, h, w]. */
  TRILINEAR(3, false),
  /** Cubic convolution along two axes (Keys 1981, a = -0.75); inputs [n, c, h, w]. */
  BICUBIC(2, false),
  /** Means over what a new element covers, as adaptive average pooling. */
  AREA(0, true);

  /** Number of axes that it takes; 0 for any. */
  final int axes;
  /** Whether the corners of elements, not their centres, are all there is to align. */
  final boolean whole;

  Resampling(int axes, boolean whole) {
    this.axes = axes;
    this.whole = whole;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
