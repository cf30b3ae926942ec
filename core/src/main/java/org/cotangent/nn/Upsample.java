package org.cotangent.nn;

import org.cotangent.ops.InterpolateOptions;
import org.cotangent.ops.Interpolation;
import org.cotangent.ops.Resampling;

/** Pictures of another size: [n, c, d...] → [n, c, out...]; see {@link Interpolation}. */
public final class Upsample extends Parameterless {
  /** Scaled so much, each new element taking the nearest. */
  public Upsample(double scale) {
    this(new double[] {scale}, InterpolateOptions.of(Resampling.NEAREST));
  }

  /** Scaled so much, one number for each spatial axis or one for all. */
  public Upsample(double[] scale, InterpolateOptions options) {
    super(x -> Interpolation.interpolate(x, scale, options), "scale_factor=" + Text.numbers(scale) + ", mode=" + Text.mode(options.mode()));
  }

  /** To these sizes, one for each spatial axis or one for all. */
  public Upsample(int[] size, InterpolateOptions options) {
    super(x -> Interpolation.interpolate(x, size, options), "size=" + Text.oneOrTuple(size) + ", mode=" + Text.mode(options.mode()));
  }
}
