package org.cotangent.cpu.kernel;

import org.cotangent.cpu.math.Elementwise;
import org.cotangent.cpu.math.MathProvider;
import org.cotangent.spi.Philox;

/**
 * Blocks of standard normal numbers: those of {@link Philox#normal}, whose definition this follows, by the backend's own elementary functions and so
 * within a few units in the last place of them.
 */
final class Normals {
  private static final Elementwise MATH = MathProvider.instance();
  private static final long LOW = 0xffffffffL;

  private Normals() {}

  /** Elements {@code from}, even, to {@code from + n}. */
  static void fill(long seed, long offset, long from, float[] y, int n) {
    int pairs = (n + 1) / 2;
    int[] bits = new int[2 * pairs];
    Philox.bits(seed, offset, from, bits, 0, bits.length);
    double[] u = new double[pairs];
    double[] v = new double[pairs];
    for (int p = 0; p < pairs; p++) {
      u[p] = ((bits[2 * p] & LOW) + 1) * 0x1p-32;
      v[p] = (bits[2 * p + 1] & LOW) * 0x1p-32;
    }
    double[] sine = turn(u, v, pairs);
    for (int i = 0; i < n; i++) {
      y[i] = (float) ((i & 1) == 0 ? v[i >> 1] : sine[i >> 1]);
    }
  }

  /** Elements {@code from}, even, to {@code from + n}. */
  static void fill(long seed, long offset, long from, double[] y, int n) {
    int pairs = (n + 1) / 2;
    double[] w = new double[2 * pairs];
    Philox.uniform(seed, offset, from, w, 0, w.length);
    double[] u = new double[pairs];
    double[] v = new double[pairs];
    for (int p = 0; p < pairs; p++) {
      u[p] = 1 - w[2 * p];
      v[p] = w[2 * p + 1];
    }
    double[] sine = turn(u, v, pairs);
    for (int i = 0; i < n; i++) {
      y[i] = (i & 1) == 0 ? v[i >> 1] : sine[i >> 1];
    }
  }

  /** Radii from u, angles from v: leaves r cos(2 pi v) in v and returns r sin(2 pi v). */
  private static double[] turn(double[] u, double[] v, int n) {
    double[] sine = new double[n];
    MATH.log(u, 0, u, 0, n);
    for (int p = 0; p < n; p++) {
      u[p] = Math.sqrt(-2 * u[p]);
      v[p] = 2 * Math.PI * v[p];
    }
    MATH.sin(v, 0, sine, 0, n);
    MATH.cos(v, 0, v, 0, n);
    for (int p = 0; p < n; p++) {
      sine[p] *= u[p];
      v[p] *= u[p];
    }
    return sine;
  }
}
