package org.cotangent.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of reductions by vectors, but for lines of float32: {@link LineFolds}.
 *
 * <p>Sums have the order of additions that {@code org.cotangent.cpu.kernel} states, which the number of lanes enters.
 */
public final class Folds {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  /** Half a vector of floats: as many lanes as a vector of doubles. */
  private static final VectorSpecies<Float> H = VectorSpecies.of(float.class, jdk.incubator.vector.VectorShape.forBitSize(D.length() * Float.SIZE));

  private Folds() {}

  /** Lanes of float32. */
  public static int floatLanes() {
    return F.length();
  }

  /** Lanes of float64. */
  public static int doubleLanes() {
    return D.length();
  }

  /**
   * A line as rows of four vectors a, b, c, d, n a multiple of their length: each of those lanes is added up from left to right, and totals[j] is
   * (a[j] + c[j]) + (b[j] + d[j]). The accumulators take turns, and unrolled by the compiler keep their places.
   */
  public static void sumLanes(double[] x, int xo, int n, double[] totals) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector d = a;
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector next = a.add(DoubleVector.fromArray(D, x, xo + i));
      a = b;
      b = c;
      c = d;
      d = next;
    }
    a.add(c).add(b.add(d)).intoArray(totals, 0);
  }

  /** The largest of n numbers, -infinity of none; NaN if one is. */
  public static double max(double[] x, int xo, int n) {
    DoubleVector a = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY);
    DoubleVector b = a;
    int l = D.length();
    int i = 0;
    for (; i <= n - 2 * l; i += 2 * l) {
      a = a.max(DoubleVector.fromArray(D, x, xo + i));
      b = b.max(DoubleVector.fromArray(D, x, xo + i + l));
    }
    double m = a.max(b).reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      m = Math.max(m, x[xo + i]);
    }
    return m;
  }

  /** The smallest of n numbers, infinity of none; NaN if one is. */
  public static double min(double[] x, int xo, int n) {
    DoubleVector a = DoubleVector.broadcast(D, Double.POSITIVE_INFINITY);
    DoubleVector b = a;
    int l = D.length();
    int i = 0;
    for (; i <= n - 2 * l; i += 2 * l) {
      a = a.min(DoubleVector.fromArray(D, x, xo + i));
      b = b.min(DoubleVector.fromArray(D, x, xo + i + l));
    }
    double m = a.min(b).reduceLanes(VectorOperators.MIN);
    for (; i < n; i++) {
      m = Math.min(m, x[xo + i]);
    }
    return m;
  }

  /** t[j] += the sum of eight rows of x, s apart, added in pairs; for j below w. */
  public static void sumRows(float[] x, int xo, int s, double[] t, int w) {
    int l = H.length();
    int j = 0;
    int o = xo;
    for (; j <= w - l; j += l, o += l) {
      FloatVector a = FloatVector.fromArray(H, x, o).add(FloatVector.fromArray(H, x, o + s));
      FloatVector b = FloatVector.fromArray(H, x, o + 2 * s).add(FloatVector.fromArray(H, x, o + 3 * s));
      FloatVector c = FloatVector.fromArray(H, x, o + 4 * s).add(FloatVector.fromArray(H, x, o + 5 * s));
      FloatVector d = FloatVector.fromArray(H, x, o + 6 * s).add(FloatVector.fromArray(H, x, o + 7 * s));
      DoubleVector sum = (DoubleVector) a.add(b).add(c.add(d)).convertShape(VectorOperators.F2D, D, 0);
      DoubleVector.fromArray(D, t, j).add(sum).intoArray(t, j);
    }
    for (; j < w; j++, o++) {
      t[j] += ((x[o] + x[o + s]) + (x[o + 2 * s] + x[o + 3 * s])) + ((x[o + 4 * s] + x[o + 5 * s]) + (x[o + 6 * s] + x[o + 7 * s]));
    }
  }

  /** As for float32. */
  public static void sumRows(double[] x, int xo, int s, double[] t, int w) {
    int l = D.length();
    int j = 0;
    int o = xo;
    for (; j <= w - l; j += l, o += l) {
      DoubleVector a = DoubleVector.fromArray(D, x, o).add(DoubleVector.fromArray(D, x, o + s));
      DoubleVector b = DoubleVector.fromArray(D, x, o + 2 * s).add(DoubleVector.fromArray(D, x, o + 3 * s));
      DoubleVector c = DoubleVector.fromArray(D, x, o + 4 * s).add(DoubleVector.fromArray(D, x, o + 5 * s));
      DoubleVector d = DoubleVector.fromArray(D, x, o + 6 * s).add(DoubleVector.fromArray(D, x, o + 7 * s));
      DoubleVector.fromArray(D, t, j).add(a.add(b).add(c.add(d))).intoArray(t, j);
    }
    for (; j < w; j++, o++) {
      t[j] += ((x[o] + x[o + s]) + (x[o + 2 * s] + x[o + 3 * s])) + ((x[o + 4 * s] + x[o + 5 * s]) + (x[o + 6 * s] + x[o + 7 * s]));
    }
  }

  /** t[j] takes in the largest of eight rows of x, s apart; for j below w. */
  public static void maxRows(float[] x, int xo, int s, double[] t, int w) {
    int l = H.length();
    int j = 0;
    int o = xo;
    for (; j <= w - l; j += l, o += l) {
      FloatVector a = FloatVector.fromArray(H, x, o).max(FloatVector.fromArray(H, x, o + s));
      FloatVector b = FloatVector.fromArray(H, x, o + 2 * s).max(FloatVector.fromArray(H, x, o + 3 * s));
      FloatVector c = FloatVector.fromArray(H, x, o + 4 * s).max(FloatVector.fromArray(H, x, o + 5 * s));
      FloatVector d = FloatVector.fromArray(H, x, o + 6 * s).max(FloatVector.fromArray(H, x, o + 7 * s));
      DoubleVector e = (DoubleVector) a.max(b).max(c.max(d)).convertShape(VectorOperators.F2D, D, 0);
      DoubleVector.fromArray(D, t, j).max(e).intoArray(t, j);
    }
    for (; j < w; j++, o++) {
      for (int r = 0; r < 8; r++) {
        t[j] = Math.max(t[j], x[o + r * s]);
      }
    }
  }

  /** t[j] takes in the largest of eight rows of x, s apart; for j below w. */
  public static void maxRows(double[] x, int xo, int s, double[] t, int w) {
    int l = D.length();
    int j = 0;
    int o = xo;
    for (; j <= w - l; j += l, o += l) {
      DoubleVector a = DoubleVector.fromArray(D, x, o).max(DoubleVector.fromArray(D, x, o + s));
      DoubleVector b = DoubleVector.fromArray(D, x, o + 2 * s).max(DoubleVector.fromArray(D, x, o + 3 * s));
      DoubleVector c = DoubleVector.fromArray(D, x, o + 4 * s).max(DoubleVector.fromArray(D, x, o + 5 * s));
      DoubleVector d = DoubleVector.fromArray(D, x, o + 6 * s).max(DoubleVector.fromArray(D, x, o + 7 * s));
      DoubleVector.fromArray(D, t, j).max(a.max(b).max(c.max(d))).intoArray(t, j);
    }
    for (; j < w; j++, o++) {
      for (int r = 0; r < 8; r++) {
        t[j] = Math.max(t[j], x[o + r * s]);
      }
    }
  }

  /** t[j] takes in the smallest of eight rows of x, s apart; for j below w. */
  public static void minRows(float[] x, int xo, int s, double[] t, int w) {
    int l = H.length();
    int j = 0;
    int o = xo;
    for (; j <= w - l; j += l, o += l) {
      FloatVector a = FloatVector.fromArray(H, x, o).min(FloatVector.fromArray(H, x, o + s));
      FloatVector b = FloatVector.fromArray(H, x, o + 2 * s).min(FloatVector.fromArray(H, x, o + 3 * s));
      FloatVector c = FloatVector.fromArray(H, x, o + 4 * s).min(FloatVector.fromArray(H, x, o + 5 * s));
      FloatVector d = FloatVector.fromArray(H, x, o + 6 * s).min(FloatVector.fromArray(H, x, o + 7 * s));
      DoubleVector e = (DoubleVector) a.min(b).min(c.min(d)).convertShape(VectorOperators.F2D, D, 0);
      DoubleVector.fromArray(D, t, j).min(e).intoArray(t, j);
    }
    for (; j < w; j++, o++) {
      for (int r = 0; r < 8; r++) {
        t[j] = Math.min(t[j], x[o + r * s]);
      }
    }
  }

  /** t[j] takes in the smallest of eight rows of x, s apart; for j below w. */
  public static void minRows(double[] x, int xo, int s, double[] t, int w) {
    int l = D.length();
    int j = 0;
    int o = xo;
    for (; j <= w - l; j += l, o += l) {
      DoubleVector a = DoubleVector.fromArray(D, x, o).min(DoubleVector.fromArray(D, x, o + s));
      DoubleVector b = DoubleVector.fromArray(D, x, o + 2 * s).min(DoubleVector.fromArray(D, x, o + 3 * s));
      DoubleVector c = DoubleVector.fromArray(D, x, o + 4 * s).min(DoubleVector.fromArray(D, x, o + 5 * s));
      DoubleVector d = DoubleVector.fromArray(D, x, o + 6 * s).min(DoubleVector.fromArray(D, x, o + 7 * s));
      DoubleVector.fromArray(D, t, j).min(a.min(b).min(c.min(d))).intoArray(t, j);
    }
    for (; j < w; j++, o++) {
      for (int r = 0; r < 8; r++) {
        t[j] = Math.min(t[j], x[o + r * s]);
      }
    }
  }
}
