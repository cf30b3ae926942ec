package org.cotangent.ops;

import org.cotangent.errors.ArgumentException;

/**
 * Settings of {@link Convolution}. Lists have one number for each spatial axis, or one for all of them.
 *
 * <pre>{@code conv2d(x, weight, bias, ConvOptions.DEFAULT.stride(2).padding(1))}</pre>
 *
 * @param stride how far apart windows begin
 * @param padding zeros before and after each spatial axis; for a transposed convolution what is cut off there
 * @param same whether the padding is what keeps sizes, and {@code padding} has no meaning
 * @param dilation how far apart a window's elements are
 * @param outputPadding what a transposed convolution's result is larger at the end
 * @param groups parts of the channels that do not see each other
 */
public record ConvOptions(int[] stride, int[] padding, boolean same, int[] dilation, int[] outputPadding, int groups) {
  /** Stride 1, no padding, dilation 1, one group. */
  public static final ConvOptions DEFAULT = new ConvOptions(new int[] {1}, new int[] {0}, false, new int[] {1}, new int[] {0}, 1);

  /**
   * Settings.
   *
   * @throws ArgumentException if a stride, dilation or the groups are not positive, or a padding is negative
   */
  public ConvOptions {
    least("stride", 1, stride);
    least("padding", 0, padding);
    least("dilation", 1, dilation);
    least("outputPadding", 0, outputPadding);
    least("groups", 1, groups);
  }

  private static void least(String what, int least, int... v) {
    for (int i : v) {
      if (i < least) {
        throw new ArgumentException("convolution: " + (least == 0 ? "negative " : "non-positive ") + what + " is not supported: " + i);
      }
    }
  }

  /** These settings with other strides. */
  public ConvOptions stride(int... s) {
    return new ConvOptions(s, padding, same, dilation, outputPadding, groups);
  }

  /** These settings with so many zeros on each side. */
  public ConvOptions padding(int... p) {
    return new ConvOptions(stride, p, false, dilation, outputPadding, groups);
  }

  /** These settings with the padding that keeps sizes; strides must be 1. */
  public ConvOptions samePadding() {
    return new ConvOptions(stride, padding, true, dilation, outputPadding, groups);
  }

  /** These settings with other dilations. */
  public ConvOptions dilation(int... d) {
    return new ConvOptions(stride, padding, same, d, outputPadding, groups);
  }

  /** These settings with a transposed convolution's result so much larger. */
  public ConvOptions outputPadding(int... p) {
    return new ConvOptions(stride, padding, same, dilation, p, groups);
  }

  /** These settings with groups of channels. */
  public ConvOptions groups(int g) {
    return new ConvOptions(stride, padding, same, dilation, outputPadding, g);
  }
}
