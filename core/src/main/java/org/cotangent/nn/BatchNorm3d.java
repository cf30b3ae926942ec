package org.cotangent.nn;

import org.cotangent.errors.ArgumentException;

/**
 * Normalises each channel of [n, c, d, h, w] over the batch while training, by running statistics else, then scales and shifts (Ioffe and
 * Szegedy 2015).
 *
 * <p>Parameters "weight", at first ones, and "bias", at first zeros; buffers "running_mean", "running_var" and "num_batches_tracked".
 */
public final class BatchNorm3d extends BatchNorm {
  /** With an eps of 1e-5 and a momentum of 0.1. */
  public BatchNorm3d(int channels) {
    this(channels, 1e-5, 0.1);
  }

  /**
   * With the part {@code momentum} of each new statistic in the running ones.
   *
   * @throws ArgumentException if there are no channels or eps is negative
   */
  public BatchNorm3d(int channels, double eps, double momentum) {
    super(channels, eps, momentum, 5);
  }
}
