package org.cotangent.cpu.vector;

/** Folds of some elements, such as are left of a row after whole vectors, by plain loops. */
public final class Few {
  private Few() {}

  /** The sum of n numbers from x[xo] on, by eight running totals. */
  public static float sum(float[] x, int xo, int n) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int i = xo;
    int end = xo + n;
    for (; i + 7 < end; i += 8) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
      e += x[i + 4];
      f += x[i + 5];
      g += x[i + 6];
      h += x[i + 7];
    }
    for (; i < end; i++) {
      a += x[i];
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }

  /** The largest of n numbers from x[xo] on, -infinity of none; NaN if one is. */
  public static float max(float[] x, int xo, int n) {
    float a = Float.NEGATIVE_INFINITY;
    for (int i = xo; i < xo + n; i++) {
      a = Math.max(a, x[i]);
    }
    return a;
  }

  /** The smallest of n numbers from x[xo] on, infinity of none; NaN if one is. */
  public static float min(float[] x, int xo, int n) {
    float a = Float.POSITIVE_INFINITY;
    for (int i = xo; i < xo + n; i++) {
      a = Math.min(a, x[i]);
    }
    return a;
  }
}
