package org.cotangent.cpu.kernel;

/** Arithmetic on blocks of float32; z may not overlap an operand unless it is the same range. */
final class FloatLoops {
  private FloatLoops() {}

  /** x + y. */
  static void add(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] + y[yo + i];
    }
  }

  /** x - y. */
  static void sub(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] - y[yo + i];
    }
  }

  /** x * y. */
  static void mul(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] * y[yo + i];
    }
  }

  /** x / y. */
  static void div(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] / y[yo + i];
    }
  }

  /** Remainder with the sign of x. */
  static void fmod(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] % y[yo + i];
    }
  }

  /** Remainder with the sign of y. */
  static void remainder(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = remainder(x[xo + i], y[yo + i]);
    }
  }

  /** The larger, NaN if either is. */
  static void max(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], y[yo + i]);
    }
  }

  /** The smaller, NaN if either is. */
  static void min(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], y[yo + i]);
    }
  }

  /** x with the sign of y. */
  static void copySign(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.copySign(x[xo + i], y[yo + i]);
    }
  }

  /** x + c. */
  static void add(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] + c;
    }
  }

  /** x - c. */
  static void sub(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] - c;
    }
  }

  /** c - x. */
  static void from(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = c - x[xo + i];
    }
  }

  /** x * c. */
  static void mul(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] * c;
    }
  }

  /** x / c. */
  static void div(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] / c;
    }
  }

  /** c / x. */
  static void into(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = c / x[xo + i];
    }
  }

  /** The larger of x and c, NaN if either is. */
  static void max(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], c);
    }
  }

  /** The smaller of x and c, NaN if either is. */
  static void min(float[] x, int xo, float c, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], c);
    }
  }

  /** -x. */
  static void neg(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = -x[xo + i];
    }
  }

  /** |x|. */
  static void abs(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.abs(x[xo + i]);
    }
  }

  static void relu(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] < 0 ? 0 : x[xo + i];
    }
  }

  /** -1, 0, 1 or NaN. */
  static void sign(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      z[zo + i] = v > 0 ? 1 : v < 0 ? -1 : 0;
    }
  }

  /** Largest integer not above. */
  static void floor(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (float) Math.floor(x[xo + i]);
    }
  }

  /** Smallest integer not below. */
  static void ceil(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (float) Math.ceil(x[xo + i]);
    }
  }

  /** Nearest integer, ties to even. */
  static void round(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (float) Math.rint(x[xo + i]);
    }
  }

  /** Integer part. */
  static void trunc(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = trunc(x[xo + i]);
    }
  }

  /** Square root. */
  static void sqrt(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (float) Math.sqrt(x[xo + i]);
    }
  }

  /** Inverse square root. */
  static void rsqrt(float[] x, int xo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = 1f / (float) Math.sqrt(x[xo + i]);
    }
  }

  /** Whether x &gt; y. */
  static void gt(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] > y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x &ge; y. */
  static void ge(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] >= y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x == y. */
  static void eq(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] == y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x != y. */
  static void ne(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != y[yo + i] ? 1 : 0);
    }
  }

  /** x where c is true, else y. */
  static void where(byte[] c, int co, float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = c[co + i] != 0 ? x[xo + i] : y[yo + i];
    }
  }

  private static float remainder(float x, float y) {
    float r = x % y;
    return r != 0 && r < 0 != y < 0 ? r + y : r;
  }

  private static float trunc(float x) {
    return (float) (x < 0 ? Math.ceil(x) : Math.floor(x));
  }
}
