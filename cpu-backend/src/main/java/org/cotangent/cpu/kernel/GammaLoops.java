package org.cotangent.cpu.kernel;

import org.cotangent.cpu.math.GammaFunctions;

/** Functions of two numbers that are rare enough for one element at a time, in float64. */
final class GammaLoops {
  private GammaLoops() {}

  private static double polygamma(double order, double x) {
    if (x == Double.POSITIVE_INFINITY && order > 0) {
      return order % 2 == 0 ? -0.0 : 0;
    }
    return order >= 0 && order <= GammaFunctions.MAX_ORDER ? GammaFunctions.polygamma((int) order, x) : Double.NaN;
  }

  private static double xlogy(double x, double y) {
    return Double.isNaN(y) ? Double.NaN : x == 0 ? 0 : x * Math.log(y);
  }

  private static double xlog1py(double x, double y) {
    return Double.isNaN(y) ? Double.NaN : x == 0 ? 0 : x * Math.log1p(y);
  }

  /** Derivative of digamma of order x at y. */
  static void polygamma(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      float v = y[yo + i];
      z[zo + i] = x[xo + i] == 1 && v < 0 ? GammaFunctions.polygamma(1, v) : (float) polygamma(x[xo + i], v);
    }
  }

  /** x log(y), 0 where x is 0. */
  static void xlogy(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (float) xlogy(x[xo + i], y[yo + i]);
    }
  }

  /** x log(1 + y), 0 where x is 0. */
  static void xlog1py(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = (float) xlog1py(x[xo + i], y[yo + i]);
    }
  }

  /** Derivative of digamma of order x at y. */
  static void polygamma(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = polygamma(x[xo + i], y[yo + i]);
    }
  }

  /** x log(y), 0 where x is 0. */
  static void xlogy(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = xlogy(x[xo + i], y[yo + i]);
    }
  }

  /** x log(1 + y), 0 where x is 0. */
  static void xlog1py(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) {
      z[zo + i] = xlog1py(x[xo + i], y[yo + i]);
    }
  }
}
