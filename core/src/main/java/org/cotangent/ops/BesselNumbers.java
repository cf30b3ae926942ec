package org.cotangent.ops;

/**
 * Bessel functions of small integer order in float64, within 1e-14 of their size or, where they oscillate, of their amplitude. Numbers in
 * brackets are formulas of Abramowitz and Stegun.
 */
final class BesselNumbers {
  private static final double EULER = 0.57721566490153286061;

  /** From here on the series in 1/x end below one rounding error. */
  private static final double FAR = 25;

  private BesselNumbers() {}

  /** Of the first kind. */
  static double j(int n, double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Double.NaN;
    }
    double a = Math.abs(x);
    double r = a < 1 ? power(n, a) : a < FAR ? falling(n, a)[n] : hankel(n, a)[0];
    return n % 2 == 1 ? Math.copySign(1, x) * r : r;
  }

  /** Of the second kind, by the forward recurrence [9.1.27], which is stable. */
  static double y(int n, double x) {
    if (!(x >= 0) || Double.isInfinite(x)) {
      return Double.NaN;
    }
    if (x == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double before = x < 1 ? 2 / Math.PI * ((Math.log(x / 2) + EULER) * power(0, x) - logSeries(0, x, -1)) : x < FAR ? neumann(0, x) : hankel(0, x)[1];
    double y = x < 1 ? (2 * Math.log(x / 2) * power(1, x) - logSeries(1, x, -1) - 2 / x) / Math.PI
        : x < FAR ? neumann(1, x) : hankel(1, x)[1];
    for (int k = 1; k < n; k++) {
      double next = 2 * k / x * y - before;
      before = y;
      y = next;
    }
    return n == 0 ? before : y;
  }

  /** exp(x) times the modified function of the second kind, by the forward recurrence [9.6.26]. */
  static double scaledK(int n, double x) {
    if (!(x >= 0)) {
      return Double.NaN;
    }
    if (x == 0 || Double.isInfinite(x)) {
      return x == 0 ? Double.POSITIVE_INFINITY : 0;
    }
    double log = Math.log(x / 2);
    double before = x < 1 ? Math.exp(x) * (logSeries(0, x, 1) - (log + EULER) * series(0, x, 1)) : integral(0, x);
    double k = x < 1 ? Math.exp(x) * (1 / x + log * series(1, x, 1) - 0.5 * logSeries(1, x, 1)) : integral(1, x);
    for (int i = 1; i < n; i++) {
      double next = 2 * i / x * k + before;
      before = k;
      k = next;
    }
    return n == 0 ? before : k;
  }

  /**
   * exp(x) K of any order: the integral of exp(-x (cosh t - 1)) cosh(order t) over t from 0 [9.6.24] by the trapezoidal rule, whose error
   * falls exponentially with the number of steps (Trefethen and Weideman 2014).
   */
  static double integral(double order, double x) {
    double step = 1 / (4.5 + 1.5 * Math.sqrt(x));
    double end = 2 * arsinh(Math.sqrt(380 / x));
    double sum = 0.5;
    for (int i = 1; i * step <= end; i++) {
      double s = Math.sinh(0.5 * i * step);
      sum += Math.exp(-2 * x * s * s) * Math.cosh(order * i * step);
    }
    return sum * step;
  }

  private static double arsinh(double x) {
    return Math.log1p(x + x * x / (1 + Math.hypot(x, 1)));
  }

  private static double power(int n, double x) {
    return series(n, x, -1);
  }

  /** J(n) for a sign of -1 [9.1.10], I(n) for 1 [9.6.10]. */
  private static double series(int n, double x, int sign) {
    double term = 1;
    for (int k = 1; k <= n; k++) {
      term *= 0.5 * x / k;
    }
    double q = sign * 0.25 * x * x;
    double sum = term;
    for (int k = 1; Math.abs(term) > Math.abs(sum) * 0x1p-60; k++) {
      term *= q / (k * (double) (n + k));
      sum += term;
    }
    return sum;
  }

  /**
   * The series beside the logarithm in functions of the second kind: for order 0 the sum of H(k) (sign x²/4)^k / k!² [9.1.13, 9.6.13], for
   * order 1 that of (ψ(k+1) + ψ(k+2)) (x/2) (sign x²/4)^k / (k! (k+1)!) [9.1.11, 9.6.11].
   */
  private static double logSeries(int n, double x, int sign) {
    double q = sign * 0.25 * x * x;
    double power = n == 0 ? 1 : 0.5 * x;
    double harmonic = 0;
    double sum = n == 0 ? 0 : power * (1 - 2 * EULER);
    for (int k = 1; k < 30; k++) {
      power *= q / (k * (double) (n + k));
      harmonic += 1.0 / k;
      sum += power * (n == 0 ? harmonic : 2 * harmonic + 1.0 / (k + 1) - 2 * EULER);
    }
    return sum;
  }

  /** J of the orders from 0, by the falling recurrence from an order where they vanish; they are known by their sum [9.1.46]. */
  private static double[] falling(int n, double x) {
    int top = 2 * ((n + (int) x + 60) / 2);
    double[] j = new double[top + 2];
    j[top] = 1e-200;
    double sum = 0;
    for (int k = top; k > 0; k--) {
      j[k - 1] = 2 * k / x * j[k] - j[k + 1];
      sum += k % 2 == 0 ? 2 * j[k] : 0;
    }
    sum += j[0];
    for (int k = 0; k <= top; k++) {
      j[k] /= sum;
    }
    return j;
  }

  /** Y of order 0 [9.1.89] or 1, its negative derivative, as a series of the functions of the first kind. */
  private static double neumann(int n, double x) {
    double[] j = falling(n, x);
    double log = Math.log(x / 2) + EULER;
    double sum = 0;
    for (int k = 1; 2 * k + 1 < j.length; k++) {
      sum += (k % 2 == 0 ? 1.0 : -1.0) / k * (n == 0 ? j[2 * k] : j[2 * k - 1] - j[2 * k + 1]);
    }
    return 2 / Math.PI * (n == 0 ? log * j[0] - 2 * sum : log * j[1] - j[0] / x + sum);
  }

  /** J and Y by Hankel's series in 1/x [9.2.5, 9.2.6, 9.2.9, 9.2.10]. */
  private static double[] hankel(int n, double x) {
    double mu = 4.0 * n * n;
    double term = 1;
    double p = 1;
    double q = 0;
    for (int k = 1; k < 50; k++) {
      double next = term * (mu - (2.0 * k - 1) * (2 * k - 1)) / (8 * k * x);
      if (Math.abs(next) > Math.abs(term) || Math.abs(next) < 0x1p-60) {
        break;
      }
      term = next;
      double signed = k / 2 % 2 == 0 ? term : -term;
      p += k % 2 == 0 ? signed : 0;
      q += k % 2 == 1 ? signed : 0;
    }
    double cos = (Math.cos(x) + Math.sin(x)) * Math.sqrt(0.5);
    double sin = (Math.sin(x) - Math.cos(x)) * Math.sqrt(0.5);
    for (int k = 0; k < n; k++) { // less π/2 for each order
      double c = cos;
      cos = sin;
      sin = -c;
    }
    double size = Math.sqrt(2 / Math.PI / x);
    return new double[] {size * (p * cos - q * sin), size * (p * sin + q * cos)};
  }
}
