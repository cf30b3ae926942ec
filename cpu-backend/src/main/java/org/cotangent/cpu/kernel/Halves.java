package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.kernel.Loops.F1;

/** Loops between float32 and the bits of float16 and bfloat16; see {@link DType#widen} and {@link DType#narrow}. */
final class Halves {
  private Halves() {}

  static void widen16(short[] x, int xo, int xs, float[] y, int yo, int n) {
    if (xs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Float.float16ToFloat(x[xo + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Float.float16ToFloat(x[xo + i * xs]);
      }
    }
  }

  static void widenB(short[] x, int xo, int xs, float[] y, int yo, int n) {
    if (xs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Float.intBitsToFloat(x[xo + i] << 16);
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Float.intBitsToFloat(x[xo + i * xs] << 16);
      }
    }
  }

  static void narrow16(float[] x, int xo, short[] y, int yo, int ys, int n) {
    if (ys == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Float.floatToFloat16(x[xo + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i * ys] = Float.floatToFloat16(x[xo + i]);
      }
    }
  }

  static void narrowB(float[] x, int xo, short[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = DType.BFLOAT16.narrow(x[xo + i]);
    }
  }

  /** The loop that rounds to a half type and keeps float32. */
  static F1 rounding(DType type) {
    return type == DType.FLOAT16 ? Halves::round16 : Halves::roundB;
  }

  private static void round16(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Float.float16ToFloat(Float.floatToFloat16(x[xo + i]));
    }
  }

  private static void roundB(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Float.intBitsToFloat(DType.BFLOAT16.narrow(x[xo + i]) << 16);
    }
  }
}
