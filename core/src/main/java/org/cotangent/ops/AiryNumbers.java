package org.cotangent.ops;

/** Airy's function Ai and its derivative in float64. Numbers in brackets are formulas of Abramowitz and Stegun. */
final class AiryNumbers {
  /** Ai(0) and Ai'(0) [10.4.4, 10.4.5]. */
  private static final double[] ORIGIN = {0.355028053887817239, -0.258819403792806798};

  private AiryNumbers() {}

  /** Ai(x) and Ai'(x). */
  static double[] of(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return new double[] {Double.NaN, Double.NaN};
    }
    return x > 1 ? decaying(x) : x > -10 ? steps(x) : oscillating(-x);
  }

  /** By modified Bessel functions of orders 1/3 and 2/3 [10.4.14, 10.4.16]. */
  private static double[] decaying(double x) {
    double z = 2.0 / 3 * x * Math.sqrt(x);
    double e = Math.exp(-z);
    return e == 0 ? new double[] {0, 0} : new double[] {
      Math.sqrt(x / 3) / Math.PI * BesselNumbers.integral(1.0 / 3, z) * e,
      -x / Math.sqrt(3) / Math.PI * BesselNumbers.integral(2.0 / 3, z) * e
    };
  }

  /** From 0 by Taylor's series of steps up to 1, whose coefficients y'' = x y gives; stable where the function oscillates. */
  private static double[] steps(double x) {
    int n = Math.max(1, (int) Math.ceil(Math.abs(x)));
    double h = x / n;
    double[] y = ORIGIN;
    for (int i = 0; i < n; i++) {
      y = step(x * i / n, h, y);
    }
    return y;
  }

  private static double[] step(double at, double h, double... y) {
    double before = 0;
    double a = y[0];
    double b = y[1];
    double value = a;
    double slope = 0;
    double power = 1;
    for (int k = 0; k < 40; k++) {
      slope += (k + 1) * b * power;
      power *= h;
      value += b * power;
      double c = (at * a + before) / ((k + 1.0) * (k + 2.0));
      before = a;
      a = b;
      b = c;
    }
    return new double[] {value, slope};
  }

  /** At -z, by series in 1/z [10.4.58, 10.4.60, 10.4.62]. */
  private static double[] oscillating(double z) {
    double zeta = 2.0 / 3 * z * Math.sqrt(z);
    double c = 1;
    double[] even = {1, 1};
    double[] odd = {0, 0};
    for (int k = 1; k < 25; k++) {
      c *= (6.0 * k - 5) * (6.0 * k - 3) * (6.0 * k - 1) / (216.0 * k * (2 * k - 1)) / zeta;
      double d = -(6.0 * k + 1) / (6.0 * k - 1) * c;
      int sign = k / 2 % 2 == 0 ? 1 : -1;
      double[] sum = k % 2 == 0 ? even : odd;
      sum[0] += sign * c;
      sum[1] += sign * d;
    }
    double root = Math.sqrt(Math.sqrt(z));
    double sin = (Math.sin(zeta) + Math.cos(zeta)) * Math.sqrt(0.5);
    double cos = (Math.cos(zeta) - Math.sin(zeta)) * Math.sqrt(0.5);
    double size = 1 / Math.sqrt(Math.PI);
    return new double[] {size / root * (sin * even[0] - cos * odd[0]), -size * root * (cos * even[1] + sin * odd[1])};
  }
}
