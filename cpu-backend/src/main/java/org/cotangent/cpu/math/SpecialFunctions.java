package org.cotangent.cpu.math;

/**
 * Bessel functions, the scaled error function, the normal quantile and Hurwitz's zeta function in float64, by series (Abramowitz and
 * Stegun, chapters 7, 9 and 26).
 */
public final class SpecialFunctions {
  private static final double ROOT_PI = Math.sqrt(Math.PI);
  private static final double ROOT_HALF = Math.sqrt(0.5);
  /** From here on the asymptotic series of the Bessel functions reaches full precision: its smallest term is near e^-2x. */
  private static final double BESSEL_FAR = 20;
  /** From here on the asymptotic series of erfcx does: its smallest term is near e^-x². */
  private static final double ERFCX_FAR = 10;

  private SpecialFunctions() {}

  /** e^-|x| times the modified Bessel function of the first kind of order 0. */
  public static double i0e(double x) {
    return bessel(0, Math.abs(x));
  }

  /** e^-|x| times the modified Bessel function of the first kind of order 1. */
  public static double i1e(double x) {
    return Math.copySign(bessel(1, Math.abs(x)), x);
  }

  private static double bessel(int order, double x) {
    if (!(x < Double.POSITIVE_INFINITY)) {
      return x - x == 0 ? x : Double.isNaN(x) ? x : 0;
    }
    if (x < BESSEL_FAR) { // A&S 9.6.10, all terms positive
      double q = x * x / 4;
      double term = order == 0 ? 1 : x / 2;
      double sum = term;
      for (int k = 1; term > sum * 0x1p-60; k++) {
        term *= q / (k * (double) (k + order));
        sum += term;
      }
      return sum * Math.exp(-x);
    }
    double term = 1; // A&S 9.7.1
    double sum = 1;
    for (int k = 1; Math.abs(term) > 0x1p-58 && k < 40; k++) {
      int odd = 2 * k - 1;
      term *= (odd * (double) odd - 4 * order) / (8 * x * k);
      sum += term;
    }
    return sum / Math.sqrt(2 * Math.PI * x);
  }

  /** e^(x²) (1 - erf(x)). */
  public static double erfcx(double x) {
    if (x < ERFCX_FAR) {
      return x < -27 ? Double.POSITIVE_INFINITY : Math.exp(x * x) * ErrorFunction.erfc(x);
    }
    double q = 1 / (2 * x * x); // A&S 7.1.23
    double term = 1;
    double sum = 1;
    for (int k = 1; Math.abs(term) > 0x1p-58 && k < 60; k++) {
      term *= -(2 * k - 1) * q;
      sum += term;
    }
    return sum / (x * ROOT_PI);
  }

  /**
   * The number below which a standard normal one lies with probability p; NaN outside [0, 1].
   *
   * <p>Newton's method on the logarithm of the distribution function, which is concave, so that it converges from everywhere.
   */
  public static double ndtri(double p) {
    if (!(p > 0 && p < 1)) {
      return p == 0 ? Double.NEGATIVE_INFINITY : p == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    if (p > 0.5) {
      return -ndtri(1 - p);
    }
    double wanted = Math.log(p);
    double y = -Math.sqrt(Math.max(0, -2 * (wanted + Math.log(2))));
    for (int i = 0; i < 30; i++) {
      double scaled = erfcx(-y * ROOT_HALF); // 2 e^(y²/2) times the distribution function
      double step = (Math.log(scaled / 2) - y * y / 2 - wanted) * scaled / (2 / Math.sqrt(2 * Math.PI));
      y -= step;
      if (Math.abs(step) <= 0x1p-50 * (1 + Math.abs(y))) {
        break;
      }
    }
    return y;
  }

  /**
   * The sum of (q + k)^-s over k = 0, 1, 2, ...; infinite for s = 1 and where q + k meets 0, NaN for s below 1 and for negative q
   * unless s is an integer. For infinite s the limit: 0 from q above 1, 1 from 1, infinite from below.
   */
  public static double zeta(double s, double q) {
    if (s == 1) return Double.POSITIVE_INFINITY;
    if (!(s > 1)) return Double.NaN;
    if (Double.isInfinite(s) && q > 0) return q > 1 ? 0 : q == 1 ? 1 : s;
    double sum = 0;
    double a = q;
    if (q <= 0) {
      if (q == Math.floor(q)) return Double.POSITIVE_INFINITY;
      if (s != Math.floor(s) || Double.isInfinite(s) || q < -1e6) return Double.NaN;
      for (; a <= 0; a++) sum += Math.pow(a, -s);
    }
    return Double.isNaN(a) ? a : sum + Math.pow(a, -s) * GammaFunctions.scaledZeta(s, a);
  }
}
