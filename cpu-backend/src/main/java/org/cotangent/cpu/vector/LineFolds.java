package org.cotangent.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Folds of lines of float32 by vectors, several lines a call.
 *
 * <p>Extremes are taken of the bits, as integers: floats of the sign + are ordered as their bits are, those of the sign - the other way round, and
 * bits beyond those of infinity are NaN. Three one-step operations, largest, smallest, and largest without a sign, so keep all that {@code Math.max}
 * and {@code Math.min} tell apart, which for one vector of floats take some ten steps.
 */
public final class LineFolds {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  private static final int MINUS_INFINITY = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

  private static final VectorShuffle<Float> HALF = distance(2);
  private static final VectorShuffle<Float> QUARTER = distance(4);
  private static final VectorShuffle<Float> EIGHTH = distance(8);
  private static final VectorShuffle<Float> SIXTEENTH = distance(16);

  private LineFolds() {}

  /** Lane i takes lane i + length / part. */
  private static VectorShuffle<Float> distance(int part) {
    return VectorShuffle.iota(F, F.length() / part, 1, true);
  }

  /**
   * z[zo + r] becomes the sum of the n numbers from x[xo + r between] on, n a multiple of four vectors: as rows of four vectors each lane is added
   * up from left to right, then the vectors in pairs, then the lanes in halves.
   */
  public static void sums(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
    int l = F.length();
    for (int r = 0; r < lines; r++) {
      int from = xo + r * between;
      FloatVector a = FloatVector.zero(F);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (int i = from; i < from + n; i += 4 * l) {
        a = a.add(FloatVector.fromArray(F, x, i));
        b = b.add(FloatVector.fromArray(F, x, i + l));
        c = c.add(FloatVector.fromArray(F, x, i + 2 * l));
        d = d.add(FloatVector.fromArray(F, x, i + 3 * l));
      }
      z[zo + r] = halves(a.add(c).add(b.add(d)));
    }
  }

  /** The sum of the lanes that lie in an array, in halves. */
  public static float halves(float[] lanes, int at) {
    return halves(FloatVector.fromArray(F, lanes, at));
  }

  /** The sum of the lanes, in halves. */
  private static float halves(FloatVector s) {
    s = s.add(s.rearrange(HALF));
    if (F.length() > 2) {
      s = s.add(s.rearrange(QUARTER));
    }
    if (F.length() > 4) {
      s = s.add(s.rearrange(EIGHTH));
    }
    if (F.length() > 8) {
      s = s.add(s.rearrange(SIXTEENTH));
    }
    float sum = s.lane(0);
    for (int j = 1; j < F.length() / 16; j++) {
      sum += s.lane(j);
    }
    return sum;
  }

  /** z[zo + r] becomes the largest of the n numbers from x[xo + r between] on, -infinity of none; NaN if one is. */
  public static void maxima(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
    for (int r = 0; r < lines; r++) {
      z[zo + r] = max(x, xo + r * between, n);
    }
  }

  /** z[zo + r] becomes the smallest of the n numbers from x[xo + r between] on, infinity of none; NaN if one is. */
  public static void minima(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
    for (int r = 0; r < lines; r++) {
      z[zo + r] = min(x, xo + r * between, n);
    }
  }

  /** The largest of n numbers, -infinity of none; NaN if one is. */
  public static float max(float[] x, int xo, int n) {
    int l = F.length();
    IntVector a = IntVector.broadcast(I, MINUS_INFINITY);
    IntVector b = a;
    IntVector c = a;
    IntVector d = a;
    IntVector e = a;
    IntVector f = a;
    int i = 0;
    for (; i <= n - 2 * l; i += 2 * l) {
      IntVector v = FloatVector.fromArray(F, x, xo + i).reinterpretAsInts();
      IntVector w = FloatVector.fromArray(F, x, xo + i + l).reinterpretAsInts();
      a = a.max(v);
      b = b.min(v);
      c = c.lanewise(VectorOperators.UMAX, v);
      d = d.max(w);
      e = e.min(w);
      f = f.lanewise(VectorOperators.UMAX, w);
    }
    float m = max(a.max(d), b.min(e), c.lanewise(VectorOperators.UMAX, f));
    for (; i < n; i++) {
      m = Math.max(m, x[xo + i]);
    }
    return m;
  }

  /** The smallest of n numbers, infinity of none; NaN if one is. */
  public static float min(float[] x, int xo, int n) {
    int l = F.length();
    IntVector a = IntVector.broadcast(I, INFINITY);
    IntVector b = a;
    IntVector c = a;
    IntVector d = a;
    IntVector e = a;
    IntVector f = a;
    int i = 0;
    for (; i <= n - 2 * l; i += 2 * l) {
      IntVector v = FloatVector.fromArray(F, x, xo + i).reinterpretAsInts();
      IntVector w = FloatVector.fromArray(F, x, xo + i + l).reinterpretAsInts();
      a = a.max(v);
      b = b.min(v);
      c = c.lanewise(VectorOperators.UMAX, v);
      d = d.max(w);
      e = e.min(w);
      f = f.lanewise(VectorOperators.UMAX, w);
    }
    float m = min(a.max(d), b.min(e), c.lanewise(VectorOperators.UMAX, f));
    for (; i < n; i++) {
      m = Math.min(m, x[xo + i]);
    }
    return m;
  }

  /** The largest number of all lanes, of which the largest, the smallest and the largest bits without a sign are known. */
  static float max(IntVector largest, IntVector smallest, IntVector unsigned) {
    if (nan(largest, unsigned)) {
      return Float.NaN;
    }
    // where no lane has the sign +, the number nearest to 0 has the smallest bits
    return Float.intBitsToFloat(ordered(smallest.blend(largest, largest.compare(VectorOperators.GE, 0)), VectorOperators.MAX));
  }

  /** The smallest number of all lanes, of which the largest, the smallest and the largest bits without a sign are known. */
  static float min(IntVector largest, IntVector smallest, IntVector unsigned) {
    if (nan(largest, unsigned)) {
      return Float.NaN;
    }
    return Float.intBitsToFloat(ordered(smallest.blend(unsigned, smallest.compare(VectorOperators.LT, 0)), VectorOperators.MIN));
  }

  private static boolean nan(IntVector largest, IntVector unsigned) {
    VectorMask<Integer> positive = largest.compare(VectorOperators.GT, INFINITY);
    return positive.or(unsigned.compare(VectorOperators.UGT, MINUS_INFINITY)).anyTrue();
  }

  /** The bits of the extreme of floats, by integers of the same order. */
  private static int ordered(IntVector bits, VectorOperators.Associative extreme) {
    int v = bits.lanewise(VectorOperators.ASHR, 31).and(Integer.MAX_VALUE).lanewise(VectorOperators.XOR, bits).reduceLanes(extreme);
    return v >> 31 & Integer.MAX_VALUE ^ v;
  }
}
