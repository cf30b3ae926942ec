package org.cotangent.cpu.vector;

import jdk.incubator.vector.FloatVector;

/** A float32 function: its vector loop, for whole vectors, and the scalar loop with the same bits that serves while that one warms up. */
final class FloatKernel extends Warming {
  private static final int LENGTH = FloatVector.SPECIES_PREFERRED.length();

  /** Computes {@code y[yo + i]} of {@code x[xo + i]} for {@code n} elements. */
  @FunctionalInterface
  interface Loop {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  private final Loop vector;
  private final Loop scalar;

  FloatKernel(Loop vector, Loop scalar) {
    this.vector = vector;
    this.scalar = scalar;
  }

  /** Computes {@code n} elements; {@code eager} means by vectors, however cold they are. */
  void run(boolean eager, float[] x, int xo, float[] y, int yo, int n) {
    if (eager || ready()) {
      runVector(x, xo, y, yo, n);
    } else {
      scalar.run(x, xo, y, yo, n);
      saw(n);
    }
  }

  /** The last elements, too few for a vector, are copied to one and go through the same loop; one or two, such as numbers of rows, through the scalar one. */
  private void runVector(float[] x, int xo, float[] y, int yo, int n) {
    int whole = n - n % LENGTH;
    if (whole > 0) vector.run(x, xo, y, yo, whole);
    if (whole == n) return;
    if (n - whole <= 2) {
      scalar.run(x, xo + whole, y, yo + whole, n - whole);
      return;
    }
    float[] rest = new float[LENGTH];
    System.arraycopy(x, xo + whole, rest, 0, n - whole);
    vector.run(rest, 0, rest, 0, LENGTH);
    System.arraycopy(rest, 0, y, yo + whole, n - whole);
  }

  /** Some numbers are large, so that the compiler sees the ways that a loop has for these. */
  @Override
  void rehearse(int n) {
    float[] x = new float[n];
    for (int i = 0; i < x.length; i++) x[i] = i / 16 % 4 == 1 ? 88 : i * 0.0078125f;
    vector.run(x, 0, x, 0, n - n % LENGTH);
  }
}
