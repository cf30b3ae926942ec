package org.cotangent.ops;

import java.util.OptionalInt;
import org.cotangent.errors.ArgumentException;

/**
 * Settings of {@link Pooling}. Lists have one number for each spatial axis, or one for all of them.
 *
 * <pre>{@code maxPool2d(x, PoolOptions.of(3).stride(2).padding(1))}</pre>
 *
 * @param kernel sizes of the windows
 * @param stride how far apart windows begin; empty for the windows' sizes
 * @param padding how far windows reach over the ends, at most half of their sizes
 * @param dilation how far apart a window's elements are; 1 for means
 * @param ceilMode whether the last window may reach over the end, as long as it begins before
 * @param countIncludePad whether a mean counts the padding's zeros
 * @param divisor what a mean divides by instead of its window's size
 */
public record PoolOptions(
    int[] kernel, int[] stride, int[] padding, int[] dilation, boolean ceilMode, boolean countIncludePad, OptionalInt divisor) {
  /**
   * Settings.
   *
   * @throws ArgumentException if a number is outside its range
   */
  public PoolOptions {
    least("kernel size should be greater than zero, but got kernel size: ", 1, kernel);
    least("stride should be greater than zero, but got stride: ", 1, stride);
    least("pad must be non-negative, but got pad: ", 0, padding);
    least("dilation should be greater than zero, but got dilation: ", 1, dilation);
    divisor.ifPresent(d -> {
      if (d == 0) {
        throw new ArgumentException("pooling: divisor must be not zero");
      }
    });
  }

  private static void least(String what, int least, int... v) {
    for (int i : v) {
      if (i < least) {
        throw new ArgumentException("pooling: " + what + i);
      }
    }
  }

  /** Windows of these sizes side by side, no padding. */
  public static PoolOptions of(int... kernel) {
    return new PoolOptions(kernel, new int[0], new int[] {0}, new int[] {1}, false, true, OptionalInt.empty());
  }

  /** These settings with other strides. */
  public PoolOptions stride(int... s) {
    return new PoolOptions(kernel, s, padding, dilation, ceilMode, countIncludePad, divisor);
  }

  /** These settings with windows that reach so far over the ends. */
  public PoolOptions padding(int... p) {
    return new PoolOptions(kernel, stride, p, dilation, ceilMode, countIncludePad, divisor);
  }

  /** These settings with other dilations. */
  public PoolOptions dilation(int... d) {
    return new PoolOptions(kernel, stride, padding, d, ceilMode, countIncludePad, divisor);
  }

  /** These settings with a last window that may reach over the end, or not. */
  public PoolOptions ceilMode(boolean on) {
    return new PoolOptions(kernel, stride, padding, dilation, on, countIncludePad, divisor);
  }

  /** These settings with means that count padding, or not. */
  public PoolOptions countIncludePad(boolean on) {
    return new PoolOptions(kernel, stride, padding, dilation, ceilMode, on, divisor);
  }

  /** These settings with sums divided by {@code d}. */
  public PoolOptions divisor(int d) {
    return new PoolOptions(kernel, stride, padding, dilation, ceilMode, countIncludePad, OptionalInt.of(d));
  }
}
