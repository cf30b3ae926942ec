package org.cotangent.cpu.kernel;

/**
 * Conversions between blocks. Floating numbers become integers by truncation toward zero, limited to the range of int64 with NaN giving 0; the
 * caller wraps to narrower types. Anything but 0, NaN too, becomes true.
 */
final class Casts {
  private Casts() {}

  static void toDouble(float[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i];
    }
  }

  static void toFloat(double[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (float) x[xo + i];
    }
  }

  static void toLong(float[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (long) x[xo + i];
    }
  }

  static void toLong(double[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (long) x[xo + i];
    }
  }

  static void toLong(byte[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i];
    }
  }

  static void toFloat(long[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i];
    }
  }

  static void toDouble(long[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i];
    }
  }

  static void toFloat(byte[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i];
    }
  }

  static void toDouble(byte[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i];
    }
  }

  static void toBool(float[] x, int xo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != 0 ? 1 : 0);
    }
  }

  static void toBool(double[] x, int xo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != 0 ? 1 : 0);
    }
  }

  static void toBool(long[] x, int xo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != 0 ? 1 : 0);
    }
  }
}
