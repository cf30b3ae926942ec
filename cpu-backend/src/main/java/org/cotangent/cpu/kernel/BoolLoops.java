package org.cotangent.cpu.kernel;

import org.cotangent.errors.ArgumentException;

/** Logic on blocks of bools, bytes of 0 and 1. Arithmetic on bools is that of integers with every result but 0 taken for 1. */
final class BoolLoops {
  private BoolLoops() {}

  /** Logical and; product and minimum. */
  static void and(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] & y[yo + i]);
    }
  }

  /** Logical or; sum and maximum. */
  static void or(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] | y[yo + i]);
    }
  }

  /** Exclusive or; difference and inequality. */
  static void xor(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] ^ y[yo + i]);
    }
  }

  /** Whether x is true and y false. */
  static void gt(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] & ~y[yo + i]);
    }
  }

  /** Whether x is true or y false; x to the power y. */
  static void ge(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] | y[yo + i] ^ 1);
    }
  }

  /** Whether x = y. */
  static void eq(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] ^ y[yo + i] ^ 1);
    }
  }

  /** x / 1. */
  static void div(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    nonZero("div", y, yo, n);
    System.arraycopy(x, xo, z, zo, n);
  }

  /** Remainder of a division by 1. */
  static void remainder(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    nonZero("remainder", y, yo, n);
    java.util.Arrays.fill(z, zo, zo + n, (byte) 0);
  }

  private static void nonZero(String op, byte[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      if (y[yo + i] == 0) {
        throw new ArgumentException(op + ": integer division by zero");
      }
    }
  }

  /** Logical complement. */
  static void not(byte[] x, int xo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] ^ 1);
    }
  }

  /** x. */
  static void same(byte[] x, int xo, byte[] z, int zo, int n) {
    System.arraycopy(x, xo, z, zo, n);
  }

  /** x where c is true, else y. */
  static void where(byte[] c, int co, byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      int m = -c[co + i];
      z[zo + i] = (byte) (x[xo + i] & m | y[yo + i] & ~m);
    }
  }
}
