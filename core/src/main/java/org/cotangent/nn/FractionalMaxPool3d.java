package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.errors.ArgumentException;

/** Largest elements of windows at random places: [n, c, d, h, w] to the size asked for. */
public final class FractionalMaxPool3d extends FractionalMaxPool {
  /** With windows of {@code kernel} elements along each axis, to this size. */
  public FractionalMaxPool3d(int kernel, int d, int h, int w) {
    this(kernel, new int[] {d, h, w}, Generator.standard());
  }

  /**
   * With draws from {@code generator}.
   *
   * @throws ArgumentException if the window is not positive or there are not 3 sizes
   */
  public FractionalMaxPool3d(int kernel, int[] out, Generator generator) {
    super(3, kernel, out, generator);
  }
}
