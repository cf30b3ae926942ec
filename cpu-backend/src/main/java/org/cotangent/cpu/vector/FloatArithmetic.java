package org.cotangent.cpu.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic on blocks of float32 by vectors: the same bits as the plain loops, which the compiler leaves scalar because it cannot know that blocks
 * at different offsets do not overlap. z may not overlap an operand unless it is the same range.
 */
public final class FloatArithmetic {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  /** Bytes for as many bools as there are lanes; there is none for fewer than eight. */
  private static final VectorSpecies<Byte> BOOLS = LANES < 8 ? null : ByteVector.SPECIES_64.withShape(VectorShape.forBitSize(LANES * 8));

  private FloatArithmetic() {}

  /** Whether {@link #gt}, {@link #ge}, {@link #eq}, {@link #ne} and {@link #where} work with vectors of this length. */
  public static boolean hasBools() {
    return BOOLS != null;
  }

  /** x + y. */
  public static void add(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector b = FloatVector.fromArray(S, y, yo + i);
      a.add(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] + y[yo + i];
    }
  }

  /** x - y. */
  public static void sub(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector b = FloatVector.fromArray(S, y, yo + i);
      a.sub(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] - y[yo + i];
    }
  }

  /** x * y. */
  public static void mul(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector b = FloatVector.fromArray(S, y, yo + i);
      a.mul(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] * y[yo + i];
    }
  }

  /** x / y. */
  public static void div(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector b = FloatVector.fromArray(S, y, yo + i);
      a.div(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] / y[yo + i];
    }
  }

  /** The larger, NaN if either is. */
  public static void max(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector b = FloatVector.fromArray(S, y, yo + i);
      a.max(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], y[yo + i]);
    }
  }

  /** The smaller, NaN if either is. */
  public static void min(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector b = FloatVector.fromArray(S, y, yo + i);
      a.min(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], y[yo + i]);
    }
  }

  /** x + c. */
  public static void add(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.add(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] + c;
    }
  }

  /** x - c. */
  public static void sub(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.sub(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] - c;
    }
  }

  /** c - x. */
  public static void from(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      b.sub(a).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = c - x[xo + i];
    }
  }

  /** x * c. */
  public static void mul(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.mul(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] * c;
    }
  }

  /** x / c. */
  public static void div(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.div(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] / c;
    }
  }

  /** c / x. */
  public static void into(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      b.div(a).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = c / x[xo + i];
    }
  }

  /** The larger of x and c, NaN if either is. */
  public static void max(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.max(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.max(x[xo + i], c);
    }
  }

  /** The smaller of x and c, NaN if either is. */
  public static void min(float[] x, int xo, float c, float[] z, int zo, int n) {
    FloatVector b = FloatVector.broadcast(S, c);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.min(b).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.min(x[xo + i], c);
    }
  }

  /** -x. */
  public static void neg(float[] x, int xo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.neg().intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = -x[xo + i];
    }
  }

  /** |x|. */
  public static void abs(float[] x, int xo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.abs().intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = Math.abs(x[xo + i]);
    }
  }

  /** x, or 0 where it is negative. */
  public static void relu(float[] x, int xo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.blend(0, a.compare(VectorOperators.LT, 0)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = x[xo + i] < 0 ? 0 : x[xo + i];
    }
  }

  /** Square root. */
  public static void sqrt(float[] x, int xo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      a.sqrt().intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (float) Math.sqrt(x[xo + i]);
    }
  }

  /** Inverse square root. */
  public static void rsqrt(float[] x, int xo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector.broadcast(S, 1).div(a.sqrt()).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = 1f / (float) Math.sqrt(x[xo + i]);
    }
  }

  /** Whether x &gt; y. */
  public static void gt(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      VectorMask<Float> m = a.compare(VectorOperators.GT, FloatVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] > y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x &ge; y. */
  public static void ge(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      VectorMask<Float> m = a.compare(VectorOperators.GE, FloatVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] >= y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x = y. */
  public static void eq(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      VectorMask<Float> m = a.compare(VectorOperators.EQ, FloatVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] == y[yo + i] ? 1 : 0);
    }
  }

  /** Whether x differs from y. */
  public static void ne(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      VectorMask<Float> m = a.compare(VectorOperators.NE, FloatVector.fromArray(S, y, yo + i));
      ByteVector.zero(BOOLS).blend((byte) 1, m.cast(BOOLS)).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = (byte) (x[xo + i] != y[yo + i] ? 1 : 0);
    }
  }

  /** x where c is true, else y. */
  public static void where(byte[] c, int co, float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      VectorMask<Float> m = ByteVector.fromArray(BOOLS, c, co + i).compare(VectorOperators.NE, (byte) 0).cast(S);
      FloatVector a = FloatVector.fromArray(S, x, xo + i);
      FloatVector.fromArray(S, y, yo + i).blend(a, m).intoArray(z, zo + i);
    }
    for (; i < n; i++) {
      z[zo + i] = c[co + i] != 0 ? x[xo + i] : y[yo + i];
    }
  }
}
