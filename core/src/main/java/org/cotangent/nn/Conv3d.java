package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Convolution;

/**
 * Convolution over 3 spatial axes: [n, in, d, h, w] → [n, out, od, oh, ow].
 *
 * <p>Parameters "weight" [out, in / groups, k...] and "bias" [out] start uniform in ±1/√(in k / groups), as in PyTorch.
 */
public final class Conv3d extends Conv {
  /** With windows of {@code kernel} elements along each axis, stride 1, no padding, and a bias. */
  public Conv3d(int in, int out, int kernel) {
    this(in, out, new int[] {kernel}, ConvOptions.DEFAULT, true, Generator.standard());
  }

  /** With windows of {@code kernel} elements along each axis, and a bias. */
  public Conv3d(int in, int out, int kernel, ConvOptions options) {
    this(in, out, new int[] {kernel}, options, true, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @param kernel sizes of the windows, one for each axis or one for all
   * @throws ArgumentException if a size is not positive, or the groups do not divide the channels
   */
  public Conv3d(int in, int out, int[] kernel, ConvOptions options, boolean bias, Generator g) {
    super(3, in, out, kernel, options, bias, g);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return biased() ? Convolution.conv3d(x, weight(), bias(), options()) : Convolution.conv3d(x, weight(), options());
  }
}
