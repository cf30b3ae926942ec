package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.errors.ArgumentException;

/** Arithmetic on blocks of integers as longs; {@link #wrap} brings results back to the width of their type. */
final class LongLoops {
  private LongLoops() {}

  /** x + y. */
  static void add(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] + y[yo + i];
    }
  }

  /** x - y. */
  static void sub(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] - y[yo + i];
    }
  }

  /** x * y. */
  static void mul(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] * y[yo + i];
    }
  }

  /** x / y toward zero. */
  static void div(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    nonZero("div", y, yo, n);
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] / y[yo + i];
    }
  }

  /** Remainder with the sign of x. */
  static void fmod(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    nonZero("fmod", y, yo, n);
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] % y[yo + i];
    }
  }

  /** Remainder with the sign of y. */
  static void remainder(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    nonZero("remainder", y, yo, n);
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.floorMod(x[xo + i], y[yo + i]);
    }
  }

  private static void nonZero(String op, long[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      if (y[yo + i] == 0) {
        throw new ArgumentException(op + ": integer division by zero");
      }
    }
  }

  /** The larger. */
  static void max(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], y[yo + i]);
    }
  }

  /** The smaller. */
  static void min(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], y[yo + i]);
    }
  }

  /** x to the power y by repeated squaring; for negative y 0, except that 1 and -1 have their inverses. */
  static void pow(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = pow(x[xo + i], y[yo + i]);
    }
  }

  private static long pow(long x, long y) {
    if (y < 0) {
      return x == 1 ? 1 : x == -1 ? (y & 1) == 0 ? 1 : -1 : 0;
    }
    long r = 1;
    for (long b = x; y != 0; y >>= 1, b *= b) {
      if ((y & 1) != 0) {
        r *= b;
      }
    }
    return r;
  }

  /** |x| with the sign of y. */
  static void copySign(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = y[yo + i] < 0 ? -Math.abs(x[xo + i]) : Math.abs(x[xo + i]);
    }
  }

  /** Bitwise and. */
  static void and(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] & y[yo + i];
    }
  }

  /** Bitwise or. */
  static void or(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] | y[yo + i];
    }
  }

  /** Bitwise exclusive or. */
  static void xor(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = x[xo + i] ^ y[yo + i];
    }
  }

  /** Bitwise complement. */
  static void not(long[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = ~x[xo + i];
    }
  }

  /** -x. */
  static void neg(long[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = -x[xo + i];
    }
  }

  /** |x|. */
  static void abs(long[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.abs(x[xo + i]);
    }
  }

  static void relu(long[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], 0);
    }
  }

  /** -1, 0 or 1. */
  static void sign(long[] x, int xo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Long.signum(x[xo + i]);
    }
  }

  /** x. */
  static void same(long[] x, int xo, long[] z, int zo, int n) {
    System.arraycopy(x, xo, z, zo, n);
  }

  /** Whether x &gt; y. */
  static void gt(long[] x, int xo, long[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] > y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x &ge; y. */
  static void ge(long[] x, int xo, long[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] >= y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x = y. */
  static void eq(long[] x, int xo, long[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] == y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x differs from y. */
  static void ne(long[] x, int xo, long[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != y[yo + i] ? 1 : 0);
    }
  }

  /** x where c is true, else y. */
  static void where(byte[] c, int co, long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = c[co + i] != 0 ? x[xo + i] : y[yo + i];
    }
  }

  /** Wraps z to the width of an integer type. */
  static void wrap(DType type, long[] z, int zo, int n) {
    switch (type) {
      case UINT8 -> wrapUint8(z, zo, n);
      case INT8 -> wrapInt8(z, zo, n);
      case INT16 -> wrapInt16(z, zo, n);
      case INT32 -> wrapInt32(z, zo, n);
      default -> { }
    }
  }

  private static void wrapUint8(long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] &= 0xff;
    }
  }

  private static void wrapInt8(long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) z[zo + i];
    }
  }

  private static void wrapInt16(long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (short) z[zo + i];
    }
  }

  private static void wrapInt32(long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (int) z[zo + i];
    }
  }
}
