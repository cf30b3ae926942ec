package org.cotangent.ops;

/**
 * Settings of {@link GridSampling#gridSample}.
 *
 * @param mode how values between elements are found
 * @param outside what is taken for elements outside of the picture
 * @param alignCorners whether -1 and 1 are the centres of the first and last elements, instead of their outer edges
 */
public record GridOptions(Mode mode, Outside outside, boolean alignCorners) {
  /** Lines between elements, zeros outside, edges aligned. */
  public static final GridOptions DEFAULT = new GridOptions(Mode.BILINEAR, Outside.ZEROS, false);

  /** How values between elements are found. */
  public enum Mode {
    /** Lines along each axis. */
    BILINEAR,
    /** The nearest element; the grid gets no gradient. */
    NEAREST,
    /** Cubic convolution (Keys 1981, a = -0.75), of two spatial axes. */
    BICUBIC
  }

  /** What is outside of a picture. */
  public enum Outside {
    /** Zeros. */
    ZEROS,
    /** The nearest element of the border. */
    BORDER,
    /** The picture mirrored at its border, as often as needed. */
    REFLECTION
  }

  /** These settings with another mode. */
  public GridOptions mode(Mode m) {
    return new GridOptions(m, outside, alignCorners);
  }

  /** These settings with something else outside. */
  public GridOptions outside(Outside o) {
    return new GridOptions(mode, o, alignCorners);
  }

  /** These settings with the centres of the corner elements at -1 and 1, or their edges. */
  public GridOptions alignCorners(boolean on) {
    return new GridOptions(mode, outside, on);
  }
}
