package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.errors.ArgumentException;

/** Largest elements of windows at random places: [n, c, h, w] to the size asked for. */
public final class FractionalMaxPool2d extends FractionalMaxPool {
  /** With windows of {@code kernel} elements along each axis, to this size. */
  public FractionalMaxPool2d(int kernel, int h, int w) {
    this(kernel, new int[] {h, w}, Generator.standard());
  }

  /**
   * With draws from {@code generator}.
   *
   * @throws ArgumentException if the window is not positive or there are not 2 sizes
   */
  public FractionalMaxPool2d(int kernel, int[] out, Generator generator) {
    super(2, kernel, out, generator);
  }
}
