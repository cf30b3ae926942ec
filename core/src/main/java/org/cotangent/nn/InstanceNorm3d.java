package org.cotangent.nn;

import org.cotangent.errors.ArgumentException;

/**
 * Normalises each channel of each example of [n, c, d, h, w] or [c, d, h, w] (Ulyanov et al. 2016), with or without parameters
 * and running statistics.
 */
public final class InstanceNorm3d extends InstanceNorm {
  /** With an eps of 1e-5, neither parameters nor running statistics. */
  public InstanceNorm3d(int channels) {
    this(channels, 1e-5, 0.1, false, false);
  }

  /**
   * With parameters "weight" and "bias" if {@code affine}, and running statistics that evaluation uses if {@code tracking}.
   *
   * @throws ArgumentException if there are no channels or eps is negative
   */
  public InstanceNorm3d(int channels, double eps, double momentum, boolean affine, boolean tracking) {
    super(channels, eps, momentum, affine, tracking, 3);
  }
}
