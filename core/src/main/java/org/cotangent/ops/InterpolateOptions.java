package org.cotangent.ops;

import org.cotangent.errors.ArgumentException;

/**
 * Settings of {@link Interpolation}.
 *
 * <pre>{@code interpolate(x, new double[] {2}, InterpolateOptions.of(Resampling.BILINEAR).alignCorners(true))}</pre>
 *
 * @param mode how values between elements are found
 * @param alignCorners whether the centres of the first and last elements stay where they are, instead of their outer edges
 * @param recomputeScale whether a given scale is replaced by the ratio of the sizes that it leads to
 * @param antialias whether a smaller picture averages over all that its elements cover; for BILINEAR and BICUBIC
 */
public record InterpolateOptions(Resampling mode, boolean alignCorners, boolean recomputeScale, boolean antialias) {
  /**
   * Settings.
   *
   * @throws ArgumentException if the mode has no such setting
   */
  public InterpolateOptions {
    if (alignCorners && mode.whole) {
      throw new ArgumentException("interpolate: align_corners has no meaning for mode " + mode.text()
          + "; it is for linear, bilinear, trilinear and bicubic");
    }
    if (antialias && mode != Resampling.BILINEAR && mode != Resampling.BICUBIC) {
      throw new ArgumentException("interpolate: antialias is for bilinear and bicubic, not for mode " + mode.text());
    }
  }

  /** This mode, with edges aligned, the scale as given, no anti-aliasing. */
  public static InterpolateOptions of(Resampling mode) {
    return new InterpolateOptions(mode, false, false, false);
  }

  /** These settings with the centres of the corner elements aligned, or their edges. */
  public InterpolateOptions alignCorners(boolean on) {
    return new InterpolateOptions(mode, on, recomputeScale, antialias);
  }

  /** These settings with the scale computed from the sizes, or taken as given. */
  public InterpolateOptions recomputeScale(boolean on) {
    return new InterpolateOptions(mode, alignCorners, on, antialias);
  }

  /** These settings with anti-aliasing or without. */
  public InterpolateOptions antialias(boolean on) {
    return new InterpolateOptions(mode, alignCorners, recomputeScale, on);
  }
}
