package org.cotangent.cpu.kernel;

import java.util.Arrays;
import org.cotangent.DType;

/**
 * Moves runs of elements between storage and the blocks that kernels compute in: float32, float16 and bfloat16 in float[], float64 in double[],
 * integers in long[], bool in byte[] of 0 and 1 or in long[]. Steps are strides in elements.
 */
final class Rows {
  private Rows() {}

  /** Copies n elements, {@code xs} and {@code ys} apart. */
  static void copy(float[] x, int xo, int xs, float[] y, int yo, int ys, int n) {
    if (ys == 1) {
      if (xs == 1) {
        System.arraycopy(x, xo, y, yo, n);
        return;
      }
      if (xs == 0) {
        Arrays.fill(y, yo, yo + n, x[xo]);
        return;
      }
    }
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs];
    }
  }

  /** Copies n elements, {@code xs} and {@code ys} apart. */
  static void copy(double[] x, int xo, int xs, double[] y, int yo, int ys, int n) {
    if (ys == 1) {
      if (xs == 1) {
        System.arraycopy(x, xo, y, yo, n);
        return;
      }
      if (xs == 0) {
        Arrays.fill(y, yo, yo + n, x[xo]);
        return;
      }
    }
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs];
    }
  }

  /** Copies n elements, {@code xs} and {@code ys} apart. */
  static void copy(long[] x, int xo, int xs, long[] y, int yo, int ys, int n) {
    if (ys == 1) {
      if (xs == 1) {
        System.arraycopy(x, xo, y, yo, n);
        return;
      }
      if (xs == 0) {
        Arrays.fill(y, yo, yo + n, x[xo]);
        return;
      }
    }
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs];
    }
  }

  /** Copies n elements, {@code xs} and {@code ys} apart. */
  static void copy(int[] x, int xo, int xs, int[] y, int yo, int ys, int n) {
    if (ys == 1) {
      if (xs == 1) {
        System.arraycopy(x, xo, y, yo, n);
        return;
      }
      if (xs == 0) {
        Arrays.fill(y, yo, yo + n, x[xo]);
        return;
      }
    }
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs];
    }
  }

  /** Copies n elements, {@code xs} and {@code ys} apart. */
  static void copy(short[] x, int xo, int xs, short[] y, int yo, int ys, int n) {
    if (ys == 1) {
      if (xs == 1) {
        System.arraycopy(x, xo, y, yo, n);
        return;
      }
      if (xs == 0) {
        Arrays.fill(y, yo, yo + n, x[xo]);
        return;
      }
    }
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs];
    }
  }

  /** Copies n elements, {@code xs} and {@code ys} apart. */
  static void copy(byte[] x, int xo, int xs, byte[] y, int yo, int ys, int n) {
    if (ys == 1) {
      if (xs == 1) {
        System.arraycopy(x, xo, y, yo, n);
        return;
      }
      if (xs == 0) {
        Arrays.fill(y, yo, yo + n, x[xo]);
        return;
      }
    }
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs];
    }
  }

  /** Copies n elements between arrays of the same kind. */
  static void copy(Kind kind, Object x, int xo, int xs, Object y, int yo, int ys, int n) {
    switch (kind) {
      case FLOAT -> copy((float[]) x, xo, xs, (float[]) y, yo, ys, n);
      case DOUBLE -> copy((double[]) x, xo, xs, (double[]) y, yo, ys, n);
      case LONG -> copy((long[]) x, xo, xs, (long[]) y, yo, ys, n);
      case INT -> copy((int[]) x, xo, xs, (int[]) y, yo, ys, n);
      case SHORT -> copy((short[]) x, xo, xs, (short[]) y, yo, ys, n);
      case BYTE -> copy((byte[]) x, xo, xs, (byte[]) y, yo, ys, n);
    }
  }

  /** Loads n integers or bools of {@code type}, {@code xs} apart, into y[yo..]. */
  static void load(DType type, Object x, int xo, int xs, long[] y, int yo, int n) {
    switch (type) {
      case INT64 -> copy((long[]) x, xo, xs, y, yo, 1, n);
      case INT32 -> widen((int[]) x, xo, xs, y, yo, n);
      case INT16 -> widen((short[]) x, xo, xs, y, yo, n);
      case UINT8 -> widenUnsigned((byte[]) x, xo, xs, y, yo, n);
      default -> widen((byte[]) x, xo, xs, y, yo, n);
    }
  }

  private static void widen(int[] x, int xo, int xs, long[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i * xs];
    }
  }

  private static void widen(short[] x, int xo, int xs, long[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i * xs];
    }
  }

  private static void widen(byte[] x, int xo, int xs, long[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i * xs];
    }
  }

  private static void widenUnsigned(byte[] x, int xo, int xs, long[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i * xs] & 0xff;
    }
  }

  /** Stores n integers or bools from x[xo..], wrapped to the width of {@code type}, {@code ys} apart. */
  static void store(DType type, long[] x, int xo, Object y, int yo, int ys, int n) {
    switch (type) {
      case INT64 -> copy(x, xo, 1, (long[]) y, yo, ys, n);
      case INT32 -> narrow(x, xo, (int[]) y, yo, ys, n);
      case INT16 -> narrow(x, xo, (short[]) y, yo, ys, n);
      case BOOL -> narrowBool(x, xo, (byte[]) y, yo, ys, n);
      default -> narrow(x, xo, (byte[]) y, yo, ys, n);
    }
  }

  private static void narrow(long[] x, int xo, int[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = (int) x[xo + i];
    }
  }

  private static void narrow(long[] x, int xo, short[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = (short) x[xo + i];
    }
  }

  private static void narrow(long[] x, int xo, byte[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = (byte) x[xo + i];
    }
  }

  private static void narrowBool(long[] x, int xo, byte[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = (byte) (x[xo + i] != 0 ? 1 : 0);
    }
  }

  /** Loads n numbers of float32 or a half type, {@code xs} apart, into y[yo..]. */
  static void load(DType type, Object x, int xo, int xs, float[] y, int yo, int n) {
    switch (type) {
      case FLOAT16 -> Halves.widen16((short[]) x, xo, xs, y, yo, n);
      case BFLOAT16 -> Halves.widenB((short[]) x, xo, xs, y, yo, n);
      default -> copy((float[]) x, xo, xs, y, yo, 1, n);
    }
  }

  /** Stores n numbers from x[xo..], rounded to float32 or a half type, {@code ys} apart. */
  static void store(DType type, float[] x, int xo, Object y, int yo, int ys, int n) {
    switch (type) {
      case FLOAT16 -> Halves.narrow16(x, xo, (short[]) y, yo, ys, n);
      case BFLOAT16 -> Halves.narrowB(x, xo, (short[]) y, yo, ys, n);
      default -> copy(x, xo, 1, (float[]) y, yo, ys, n);
    }
  }

  /** Loads n floating numbers of {@code type}, {@code xs} apart, into y[0..]. */
  static void load(DType type, Object x, int xo, int xs, double[] y, int n) {
    if (type == DType.FLOAT64) {
      copy((double[]) x, xo, xs, y, 0, 1, n);
    } else {
      widen((float[]) x, xo, xs, y, n);
    }
  }

  private static void widen(float[] x, int xo, int xs, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[xo + i * xs];
    }
  }

  /** Stores n numbers from x[xo..], rounded to a floating type, {@code ys} apart. */
  static void store(DType type, double[] x, int xo, Object y, int yo, int ys, int n) {
    if (type == DType.FLOAT64) {
      copy(x, xo, 1, (double[]) y, yo, ys, n);
    } else {
      narrow(x, xo, (float[]) y, yo, ys, n);
    }
  }

  private static void narrow(double[] x, int xo, float[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = (float) x[xo + i];
    }
  }

  /** Loads {@code rows} rows of n elements side by side: y[yo + r * n + i] = x[xo + r * down + i * step]. */
  static void gather(float[] x, int xo, int down, int step, int rows, int n, float[] y, int yo) {
    if (Math.abs(down) < Math.abs(step)) {
      for (int i = 0; i < n; i++) {
        for (int r = 0; r < rows; r++) {
          y[yo + r * n + i] = x[xo + r * down + i * step];
        }
      }
    } else {
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < n; i++) {
          y[yo + r * n + i] = x[xo + r * down + i * step];
        }
      }
    }
  }

  /** Loads {@code rows} rows of n elements side by side: y[yo + r * n + i] = x[xo + r * down + i * step]. */
  static void gather(double[] x, int xo, int down, int step, int rows, int n, double[] y, int yo) {
    if (Math.abs(down) < Math.abs(step)) {
      for (int i = 0; i < n; i++) {
        for (int r = 0; r < rows; r++) {
          y[yo + r * n + i] = x[xo + r * down + i * step];
        }
      }
    } else {
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < n; i++) {
          y[yo + r * n + i] = x[xo + r * down + i * step];
        }
      }
    }
  }
}
