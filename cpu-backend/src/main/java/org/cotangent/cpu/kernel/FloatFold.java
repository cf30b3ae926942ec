package org.cotangent.cpu.kernel;

import org.cotangent.cpu.vector.Few;
import org.cotangent.spi.Reduction;

/**
 * Folds of float32: some thousand elements of a line, or eight rows, are added in float, and such sums in double.
 *
 * <p>A line is added up in runs of {@value #RUN}: as rows of four vectors, lane by lane, then the vectors in pairs, then the lanes in halves; what is
 * left of a run by eight running totals. Rows are added up eight at a time, in pairs. All this is the same by vectors and by plain loops.
 */
final class FloatFold extends DoubleAccumulators {
  static final int RUN = 4096;

  /** Whole runs of a line. */
  private final float[] folded = new float[16];
  /** For lines with gaps. */
  private float[] block;

  FloatFold(Reduction kind) {
    super(kind);
  }

  @Override
  void line(Object x, int xo, int n, Object z, int zo, int m) {
    one[0] = empty();
    line(x, xo, 1, n, one, 0);
    float[] y = (float[]) z;
    if (m == 1) {
      y[zo] = (float) one[0];
    } else {
      java.util.Arrays.fill(y, zo, zo + m, (float) one[0]);
    }
  }

  @Override
  void row(Object x, int xo, Object acc, int w) {
    float[] a = (float[]) x;
    double[] t = (double[]) acc;
    switch (kind) {
      case SUM -> sum(a, xo, t, w);
      case PROD -> product(a, xo, t, w);
      case MAX -> max(a, xo, t, w);
      case MIN -> min(a, xo, t, w);
    }
  }

  @Override
  void rows(Object x, int xo, int stride, Object acc, int w) {
    float[] a = (float[]) x;
    double[] t = (double[]) acc;
    switch (kind) {
      case SUM -> FloatOps.SUM_ROWS.run(a, xo, stride, t, w);
      case PROD -> {
        for (int r = 0; r < ROWS; r++) {
          product(a, xo + r * stride, t, w);
        }
      }
      case MAX -> FloatOps.MAX_ROWS.run(a, xo, stride, t, w);
      case MIN -> FloatOps.MIN_ROWS.run(a, xo, stride, t, w);
    }
  }

  @Override
  void lines(Object x, int xo, int n, Object z, int zo, int lines) {
    if (n <= RUN) {
      runs((float[]) x, xo, n, n, (float[]) z, zo, lines);
    } else {
      super.lines(x, xo, n, z, zo, lines);
    }
  }

  @Override
  void line(Object x, int xo, int step, int n, Object acc, int at) {
    float[] a = (float[]) x;
    double[] t = (double[]) acc;
    if (step == 1) {
      t[at] = line(a, xo, n, t[at]);
      return;
    }
    for (int i = 0; i < n; i += RUN) {
      int m = Math.min(RUN, n - i);
      block = block == null || block.length < m ? new float[m] : block;
      Rows.copy(a, xo + i * step, step, block, 0, 1, m);
      t[at] = line(block, 0, m, t[at]);
    }
  }

  /** {@code t} and n elements: whole runs, some at a time, and what is left. */
  private double line(float[] x, int xo, int n, double t) {
    if (kind == Reduction.PROD) {
      for (int i = 0; i < n; i += RUN) {
        t *= product(x, xo + i, Math.min(RUN, n - i));
      }
      return t;
    }
    for (int i = 0; i < n; ) {
      int count = Math.min(folded.length, (n - i) / RUN);
      int m = count > 0 ? RUN : n - i;
      runs(x, xo + i, m, m, folded, 0, Math.max(1, count));
      for (int r = 0; r < Math.max(1, count); r++) {
        t = combine(t, folded[r]);
      }
      i += m * Math.max(1, count);
    }
    return t;
  }

  @Override
  void shortLines(Object x, int xo, int between, int n, Object acc, int lines) {
    float[] a = (float[]) x;
    double[] t = (double[]) acc;
    switch (kind) {
      case SUM -> shortSums(a, xo, between, n, t, lines);
      case MAX -> shortMaxima(a, xo, between, n, t, lines);
      default -> super.shortLines(x, xo, between, n, acc, lines);
    }
  }

  private static void shortSums(float[] x, int xo, int between, int n, double[] t, int lines) {
    for (int r = 0; r < lines; r++) {
      float a = 0;
      float b = 0;
      int i = xo + r * between;
      int end = i + n;
      for (; i + 1 < end; i += 2) {
        a += x[i];
        b += x[i + 1];
      }
      t[r] += i < end ? a + b + x[i] : a + b;
    }
  }

  private static void shortMaxima(float[] x, int xo, int between, int n, double[] t, int lines) {
    for (int r = 0; r < lines; r++) {
      int i = xo + r * between;
      float a = x[i];
      for (int j = 1; j < n; j++) {
        a = Math.max(a, x[i + j]);
      }
      t[r] = Math.max(t[r], a);
    }
  }

  /** z[zo + r] becomes the fold of the n elements from x[xo + r * between] on, at most {@value #RUN}. */
  private void runs(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
    switch (kind) {
      case SUM -> sums(x, xo, between, n, z, zo, lines, n - n % (4 * FloatOps.LANES));
      case MAX -> FloatOps.MAX_LINES.run(x, xo, between, n, z, zo, lines);
      case MIN -> FloatOps.MIN_LINES.run(x, xo, between, n, z, zo, lines);
      case PROD -> throw new IllegalArgumentException("products are folded in double");
    }
  }

  /** The sums of lines, of which the first {@code whole} elements are added by vectors. */
  private static void sums(float[] x, int xo, int between, int n, float[] z, int zo, int lines, int whole) {
    if (whole > 0) {
      FloatOps.SUM_LINES.run(x, xo, between, whole, z, zo, lines);
    }
    if (whole == 0 || whole < n) {
      for (int r = 0; r < lines; r++) {
        float rest = Few.sum(x, xo + r * between + whole, n - whole);
        z[zo + r] = whole > 0 ? z[zo + r] + rest : rest;
      }
    }
  }

  /** The sum of the first lanes of t, which are lost. */
  private static float sumHalves(float[] t) {
    for (int half = FloatOps.LANES / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        t[j] += t[j + half];
      }
    }
    return t[0];
  }

  /** z[zo + r] becomes the sum of the n numbers from x[xo + r * between] on, n a multiple of four vectors. */
  static void sums(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
    int lanes = FloatOps.LANES;
    float[] t = new float[4 * lanes];
    for (int r = 0; r < lines; r++) {
      java.util.Arrays.fill(t, 0);
      for (int i = xo + r * between; i < xo + r * between + n; i += t.length) {
        for (int j = 0; j < t.length; j++) {
          t[j] += x[i + j];
        }
      }
      for (int j = 0; j < lanes; j++) {
        t[j] = (t[j] + t[j + 2 * lanes]) + (t[j + lanes] + t[j + 3 * lanes]);
      }
      z[zo + r] = sumHalves(t);
    }
  }

  private static double product(float[] x, int xo, int n) {
    double a = 1;
    double b = 1;
    double c = 1;
    double d = 1;
    int i = xo;
    int end = xo + n;
    for (; i + 3 < end; i += 4) {
      a *= x[i];
      b *= x[i + 1];
      c *= x[i + 2];
      d *= x[i + 3];
    }
    for (; i < end; i++) {
      a *= x[i];
    }
    return (a * b) * (c * d);
  }

  /** z[zo + r] becomes the largest of the n numbers from x[xo + r * between] on; NaN if one is. */
  static void maxima(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
    for (int r = 0; r < lines; r++) {
      z[zo + r] = Few.max(x, xo + r * between, n);
    }
  }

  /** z[zo + r] becomes the smallest of the n numbers from x[xo + r * between] on; NaN if one is. */
  static void minima(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
    for (int r = 0; r < lines; r++) {
      z[zo + r] = Few.min(x, xo + r * between, n);
    }
  }

  private static void sum(float[] x, int xo, double[] t, int w) {
    for (int j = 0; j < w; j++) {
      t[j] += x[xo + j];
    }
  }

  private static void product(float[] x, int xo, double[] t, int w) {
    for (int j = 0; j < w; j++) {
      t[j] *= x[xo + j];
    }
  }

  private static void max(float[] x, int xo, double[] t, int w) {
    for (int j = 0; j < w; j++) {
      t[j] = Math.max(t[j], x[xo + j]);
    }
  }

  private static void min(float[] x, int xo, double[] t, int w) {
    for (int j = 0; j < w; j++) {
      t[j] = Math.min(t[j], x[xo + j]);
    }
  }

  /** t[j] += the sum of eight rows. */
  static void sumRows(float[] x, int o, int s, double[] t, int w) {
    int p = o + 4 * s;
    for (int j = 0; j < w; j++) {
      t[j] += ((x[o + j] + x[o + s + j]) + (x[o + 2 * s + j] + x[o + 3 * s + j]))
          + ((x[p + j] + x[p + s + j]) + (x[p + 2 * s + j] + x[p + 3 * s + j]));
    }
  }

  /** t[j] takes in the largest of eight rows. */
  static void maxRows(float[] x, int o, int s, double[] t, int w) {
    for (int r = 0; r < ROWS; r++) {
      max(x, o + r * s, t, w);
    }
  }

  /** t[j] takes in the smallest of eight rows. */
  static void minRows(float[] x, int o, int s, double[] t, int w) {
    for (int r = 0; r < ROWS; r++) {
      min(x, o + r * s, t, w);
    }
  }
}
