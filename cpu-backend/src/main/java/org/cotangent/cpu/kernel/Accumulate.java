package org.cotangent.cpu.kernel;

import org.cotangent.DType;

/** Adds runs of elements in place: y[i * ys] += x[i * xs], one after the other, so that repeated targets (ys = 0) are right. Bools are or-ed. */
final class Accumulate {
  private Accumulate() {}

  static void row(DType type, Object x, int xo, int xs, Object y, int yo, int ys, int n) {
    switch (type) {
      case FLOAT32 -> {
        if (xs == 1 && ys == 1) {
          FloatOps.ADD.run((float[]) y, yo, (float[]) x, xo, (float[]) y, yo, n);
        } else {
          row((float[]) x, xo, xs, (float[]) y, yo, ys, n);
        }
      }
      case FLOAT64 -> {
        if (xs == 1 && ys == 1) {
          DoubleOps.ADD.run((double[]) y, yo, (double[]) x, xo, (double[]) y, yo, n);
        } else {
          row((double[]) x, xo, xs, (double[]) y, yo, ys, n);
        }
      }
      case INT64 -> row((long[]) x, xo, xs, (long[]) y, yo, ys, n);
      case INT32 -> row((int[]) x, xo, xs, (int[]) y, yo, ys, n);
      case INT16 -> row((short[]) x, xo, xs, (short[]) y, yo, ys, n);
      case INT8, UINT8 -> row((byte[]) x, xo, xs, (byte[]) y, yo, ys, n);
      case BOOL -> or((byte[]) x, xo, xs, (byte[]) y, yo, ys, n);
    }
  }

  private static void row(float[] x, int xo, int xs, float[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] += x[xo + i * xs];
    }
  }

  private static void row(double[] x, int xo, int xs, double[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] += x[xo + i * xs];
    }
  }

  private static void row(long[] x, int xo, int xs, long[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] += x[xo + i * xs];
    }
  }

  private static void row(int[] x, int xo, int xs, int[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] += x[xo + i * xs];
    }
  }

  private static void row(short[] x, int xo, int xs, short[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = (short) (y[yo + i * ys] + x[xo + i * xs]);
    }
  }

  private static void row(byte[] x, int xo, int xs, byte[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = (byte) (y[yo + i * ys] + x[xo + i * xs]);
    }
  }

  private static void or(byte[] x, int xo, int xs, byte[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] |= x[xo + i * xs];
    }
  }
}
