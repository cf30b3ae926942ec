package org.cotangent.cpu.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic on blocks of float64 by vectors: the same bits as the plain loops, which the compiler leaves scalar because it cannot know that blocks
 * at different offsets do not overlap. z may not overlap an operand unless it is the same range.
 */
public final class DoubleArithmetic {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  /** Bytes for as many bools as there are lanes; there is none for fewer than eight. */
  private static final VectorSpecies<Byte> BOOLS = LANES < 8 ? null : ByteVector.SPECIES_64.withShape(VectorShape.forBitSize(LANES * 8));

  private DoubleArithmetic() {}

  /** Whether {@link #gt}, {@link #ge}, {@link #eq}, {@link #ne} and {@link #where} work with vectors of this length. */
  public static boolean hasBools() {
    return BOOLS != null;
  }

  /** x + y. */
  public static void add(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector b = DoubleVector.fromArray(S, y, yo + i);
      a.add(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] + y[yo + i];
    }
  }

  /** x - y. */
  public static void sub(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector b = DoubleVector.fromArray(S, y, yo + i);
      a.sub(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] - y[yo + i];
    }
  }

  /** x * y. */
  public static void mul(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector b = DoubleVector.fromArray(S, y, yo + i);
      a.mul(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] * y[yo + i];
    }
  }

  /** x / y. */
  public static void div(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector b = DoubleVector.fromArray(S, y, yo + i);
      a.div(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] / y[yo + i];
    }
  }

  /** The larger, NaN if either is. */
  public static void max(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector b = DoubleVector.fromArray(S, y, yo + i);
      a.max(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], y[yo + i]);
    }
  }

  /** The smaller, NaN if either is. */
  public static void min(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector b = DoubleVector.fromArray(S, y, yo + i);
      a.min(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], y[yo + i]);
    }
  }

  /** x + c. */
  public static void add(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.add(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] + c;
    }
  }

  /** x - c. */
  public static void sub(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.sub(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] - c;
    }
  }

  /** c - x. */
  public static void from(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      b.sub(a).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = c - x[xo + i];
    }
  }

  /** x * c. */
  public static void mul(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.mul(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] * c;
    }
  }

  /** x / c. */
  public static void div(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.div(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] / c;
    }
  }

  /** c / x. */
  public static void into(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      b.div(a).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = c / x[xo + i];
    }
  }

  /** The larger of x and c, NaN if either is. */
  public static void max(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.max(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], c);
    }
  }

  /** The smaller of x and c, NaN if either is. */
  public static void min(double[] x, int xo, double c, double[] z, int zo, int n) {
    DoubleVector b = DoubleVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.min(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], c);
    }
  }

  /** -x. */
  public static void neg(double[] x, int xo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.neg().intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = -x[xo + i];
    }
  }

  /** |x|. */
  public static void abs(double[] x, int xo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.abs().intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.abs(x[xo + i]);
    }
  }

  /** x, or 0 where it is negative. */
  public static void relu(double[] x, int xo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.blend(0, a.compare(VectorOperators.LT, 0)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] < 0 ? 0 : x[xo + i];
    }
  }

  /** Square root. */
  public static void sqrt(double[] x, int xo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      a.sqrt().intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.sqrt(x[xo + i]);
    }
  }

  /** Inverse square root. */
  public static void rsqrt(double[] x, int xo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector.broadcast(S, 1).div(a.sqrt()).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = 1 / Math.sqrt(x[xo + i]);
    }
  }

  /** Whether x &gt; y. */
  public static void gt(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      VectorMask<Double> m = a.compare(VectorOperators.GT, DoubleVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] > y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x &ge; y. */
  public static void ge(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      VectorMask<Double> m = a.compare(VectorOperators.GE, DoubleVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] >= y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x = y. */
  public static void eq(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      VectorMask<Double> m = a.compare(VectorOperators.EQ, DoubleVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] == y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x differs from y. */
  public static void ne(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      VectorMask<Double> m = a.compare(VectorOperators.NE, DoubleVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != y[yo + i] ? 1 : 0);
    }
  }

  /** x where c is true, else y. */
  public static void where(byte[] c, int co, double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      VectorMask<Double> m = ByteVector.fromArray(BOOLS, c, co + i).compare(VectorOperators.NE, (byte) 0).cast(S);
      DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector.fromArray(S, y, yo + i).blend(a, m).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = c[co + i] != 0 ? x[xo + i] : y[yo + i];
    }
  }
}
