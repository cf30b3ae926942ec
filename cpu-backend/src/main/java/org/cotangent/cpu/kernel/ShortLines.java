package org.cotangent.cpu.kernel;

import org.cotangent.DType;

/**
 * Where the first extreme stands in each of many short lines. Numbers are compared as integers in the same order, of which NaN is the greatest and
 * the two zeros are one: such comparisons need no branches, and on most data a branch would be guessed wrong half of the time.
 */
final class ShortLines {
  private ShortLines() {}

  /** Line j of w begins at {@code xo + j * between} and has n elements {@code step} apart. */
  static void search(boolean largest, DType type, Object x, int xo, int between, int step, int n, int[] best, int w) {
    if (type == DType.FLOAT32) {
      search(largest ? 1f : -1f, (float[]) x, xo, between, step, n, best, w);
    } else {
      search(largest ? 1d : -1d, (double[]) x, xo, between, step, n, best, w);
    }
  }

  private static void search(float sign, float[] x, int xo, int between, int step, int n, int[] best, int w) {
    for (int j = 0; j < w; j++) {
      int p = xo + j * between;
      int top = Float.floatToIntBits(sign * x[p] + 0f);
      top ^= top >> 31 & Integer.MAX_VALUE;
      int k = 0;
      for (int i = 1; i < n; i++) {
        int next = Float.floatToIntBits(sign * x[p + i * step] + 0f);
        next ^= next >> 31 & Integer.MAX_VALUE;
        k = next > top ? i : k;
        top = Math.max(next, top);
      }
      best[j] = k;
    }
  }

  private static void search(double sign, double[] x, int xo, int between, int step, int n, int[] best, int w) {
    for (int j = 0; j < w; j++) {
      int p = xo + j * between;
      long top = Double.doubleToLongBits(sign * x[p] + 0d);
      top ^= top >> 63 & Long.MAX_VALUE;
      int k = 0;
      for (int i = 1; i < n; i++) {
        long next = Double.doubleToLongBits(sign * x[p + i * step] + 0d);
        next ^= next >> 63 & Long.MAX_VALUE;
        k = next > top ? i : k;
        top = Math.max(next, top);
      }
      best[j] = k;
    }
  }

  /** y[yo + j * ys] = element best[j] of line j. */
  static void pick(Kind kind, Object x, int xo, int between, int step, int[] best, Object y, int yo, int ys, int w) {
    switch (kind) {
      case FLOAT -> pick((float[]) x, xo, between, step, best, (float[]) y, yo, ys, w);
      case DOUBLE -> pick((double[]) x, xo, between, step, best, (double[]) y, yo, ys, w);
      default -> {
        for (int j = 0; j < w; j++) {
          Rows.copy(kind, x, xo + j * between + best[j] * step, 0, y, yo + j * ys, 1, 1);
        }
      }
    }
  }

  private static void pick(float[] x, int xo, int between, int step, int[] best, float[] y, int yo, int ys, int w) {
    for (int j = 0; j < w; j++) {
      y[yo + j * ys] = x[xo + j * between + best[j] * step];
    }
  }

  private static void pick(double[] x, int xo, int between, int step, int[] best, double[] y, int yo, int ys, int w) {
    for (int j = 0; j < w; j++) {
      y[yo + j * ys] = x[xo + j * between + best[j] * step];
    }
  }
}
