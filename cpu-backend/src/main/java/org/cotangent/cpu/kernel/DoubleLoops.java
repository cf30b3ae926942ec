package org.cotangent.cpu.kernel;

/** Arithmetic on blocks of float64; z may not overlap an operand unless it is the same range. */
final class DoubleLoops {
  private DoubleLoops() {}

  /** x + y. */
  static void add(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] + y[yo + i];
    }
  }

  /** x - y. */
  static void sub(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] - y[yo + i];
    }
  }

  /** x * y. */
  static void mul(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] * y[yo + i];
    }
  }

  /** x / y. */
  static void div(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] / y[yo + i];
    }
  }

  /** Remainder with the sign of x. */
  static void fmod(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] % y[yo + i];
    }
  }

  /** Remainder with the sign of y. */
  static void remainder(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = remainder(x[xo + i], y[yo + i]);
    }
  }

  /** The larger, NaN if either is. */
  static void max(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], y[yo + i]);
    }
  }

  /** The smaller, NaN if either is. */
  static void min(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], y[yo + i]);
    }
  }

  /** x with the sign of y. */
  static void copySign(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.copySign(x[xo + i], y[yo + i]);
    }
  }

  /** x + c. */
  static void add(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] + c;
    }
  }

  /** x - c. */
  static void sub(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] - c;
    }
  }

  /** c - x. */
  static void from(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = c - x[xo + i];
    }
  }

  /** x * c. */
  static void mul(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] * c;
    }
  }

  /** x / c. */
  static void div(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] / c;
    }
  }

  /** c / x. */
  static void into(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = c / x[xo + i];
    }
  }

  /** The larger of x and c, NaN if either is. */
  static void max(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], c);
    }
  }

  /** The smaller of x and c, NaN if either is. */
  static void min(double[] x, int xo, double c, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], c);
    }
  }

  /** -x. */
  static void neg(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = -x[xo + i];
    }
  }

  /** |x|. */
  static void abs(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.abs(x[xo + i]);
    }
  }

  static void relu(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] < 0 ? 0 : x[xo + i];
    }
  }

  /** -1, 0, 1 or NaN. */
  static void sign(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      double v = x[xo + i];
      z[zo + i] = v > 0 ? 1 : v < 0 ? -1 : 0;
    }
  }

  /** Largest integer not above. */
  static void floor(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.floor(x[xo + i]);
    }
  }

  /** Smallest integer not below. */
  static void ceil(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.ceil(x[xo + i]);
    }
  }

  /** Nearest integer, ties to even. */
  static void round(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.rint(x[xo + i]);
    }
  }

  /** Integer part. */
  static void trunc(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = trunc(x[xo + i]);
    }
  }

  /** Square root. */
  static void sqrt(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.sqrt(x[xo + i]);
    }
  }

  /** Inverse square root. */
  static void rsqrt(double[] x, int xo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = 1 / Math.sqrt(x[xo + i]);
    }
  }

  /** Whether x &gt; y. */
  static void gt(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] > y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x &ge; y. */
  static void ge(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] >= y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x == y. */
  static void eq(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] == y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x != y. */
  static void ne(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != y[yo + i] ? 1 : 0);
    }
  }

  /** x where c is true, else y. */
  static void where(byte[] c, int co, double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = c[co + i] != 0 ? x[xo + i] : y[yo + i];
    }
  }

  private static double remainder(double x, double y) {
    double r = x % y;
    return r != 0 && r < 0 != y < 0 ? r + y : r;
  }

  private static double trunc(double x) {
    return (x < 0 ? Math.ceil(x) : Math.floor(x));
  }
}
