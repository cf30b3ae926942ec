package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Convolution;

/**
 * The transpose of {@link Conv3d}: [n, in, d, h, w] → [n, out, od, oh, ow].
 *
 * <p>Parameters "weight" [in, out / groups, k...] and "bias" [out] start uniform in ±1/√(out k / groups), as in PyTorch.
 */
public final class ConvTranspose3d extends Conv {
  /** With windows of {@code kernel} elements along each axis, stride 1, no padding, and a bias. */
  public ConvTranspose3d(int in, int out, int kernel) {
    this(in, out, new int[] {kernel}, ConvOptions.DEFAULT, true, Generator.standard());
  }

  /** With windows of {@code kernel} elements along each axis, and a bias. */
  public ConvTranspose3d(int in, int out, int kernel, ConvOptions options) {
    this(in, out, new int[] {kernel}, options, true, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @param kernel sizes of the windows, one for each axis or one for all
   * @throws ArgumentException if a size is not positive, or the groups do not divide the channels
   */
  public ConvTranspose3d(int in, int out, int[] kernel, ConvOptions options, boolean bias, Generator g) {
    super(3, in, out, kernel, options, bias, true, g);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return biased() ? Convolution.convTranspose3d(x, weight(), bias(), options()) : Convolution.convTranspose3d(x, weight(), options());
  }
}
