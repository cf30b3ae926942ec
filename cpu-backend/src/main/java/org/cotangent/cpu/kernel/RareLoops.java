package org.cotangent.cpu.kernel;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.cotangent.cpu.kernel.Loops.D1;
import org.cotangent.cpu.kernel.Loops.D2;
import org.cotangent.cpu.kernel.Loops.F1;
import org.cotangent.cpu.kernel.Loops.F2;

/** Loops of functions that are rare enough for one element at a time. */
final class RareLoops {
  private RareLoops() {}

  /** {@code f} of float32, computed in float64. */
  static F1 floats(DoubleUnaryOperator f) {
    return (x, xo, y, yo, n) -> {
      for (int i = 0; i < n; i++) {
        y[yo + i] = (float) f.applyAsDouble(x[xo + i]);
      }
    };
  }

  /** {@code f} of float64. */
  static D1 doubles(DoubleUnaryOperator f) {
    return (x, xo, y, yo, n) -> {
      for (int i = 0; i < n; i++) {
        y[yo + i] = f.applyAsDouble(x[xo + i]);
      }
    };
  }

  /** {@code f} of float32, computed in float64. */
  static F2 floats(DoubleBinaryOperator f) {
    return (x, xo, y, yo, z, zo, n) -> {
      for (int i = 0; i < n; i++) {
        z[zo + i] = (float) f.applyAsDouble(x[xo + i], y[yo + i]);
      }
    };
  }

  /** {@code f} of float64. */
  static D2 doubles(DoubleBinaryOperator f) {
    return (x, xo, y, yo, z, zo, n) -> {
      for (int i = 0; i < n; i++) {
        z[zo + i] = f.applyAsDouble(x[xo + i], y[yo + i]);
      }
    };
  }

  /** The float32 number next to x on the way to y; y if they are equal. */
  static void nextAfter(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = Math.nextAfter(x[xo + i], (double) y[yo + i]);
    }
  }

  /** Greatest common divisor, not negative but for 2^63. */
  static void gcd(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      long a = Math.abs(x[xo + i]);
      long b = Math.abs(y[yo + i]);
      while (b != 0) {
        long rest = Long.remainderUnsigned(a, b);
        a = b;
        b = rest;
      }
      z[zo + i] = a;
    }
  }
}
