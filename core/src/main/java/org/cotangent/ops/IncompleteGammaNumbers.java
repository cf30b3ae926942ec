package org.cotangent.ops;

import java.util.Arrays;

/**
 * The regularised incomplete gamma functions in float64, in at most a few hundred steps wherever they are asked. Numbers in brackets are
 * formulas of the Digital Library of Mathematical Functions.
 */
final class IncompleteGammaNumbers {
  /** From this a on Γ is taken by Stirling's series, of which nothing cancels against the powers. */
  static final double LARGE = 20;

  /** From this a on the uniform expansion has the values near a: its first terms suffice. */
  private static final double UNIFORM_FROM = 100;

  /** How far from a, as a share of a, the uniform expansion is used; beyond, series and fraction converge quickly. */
  private static final double NEAR = 0.3;

  /** Stirling's numbers: Γ(a) ~ √(2π/a) (a/e)^a (1 + 1/(12 a) + 1/(288 a²) - ...) [5.11.4]. */
  private static final double[] STIRLING = {1, 1.0 / 12, 1.0 / 288, -139.0 / 51840, -571.0 / 2488320, 163879.0 / 209018880, 5246819.0 / 75246796800.0};
  private static final double[][] UNIFORM = uniform(STIRLING.length, 20);

  private IncompleteGammaNumbers() {}

  /**
   * Where a function is asked, with what the device computed for it.
   *
   * @param logGamma log Γ(a + 1), precise near its zero at a = 0
   * @param excess log(1 + m) - m for m = (x - a) / a
   * @param erfcx exp(z²) erfc(z) for z² = -a excess
   */
  record Place(double a, double x, double logGamma, double excess, double erfcx) {}

  /** Q(a, x) or P(a, x). */
  static double value(Place p, boolean upper) {
    double a = p.a;
    double x = p.x;
    if (a < 0 || x < 0 || a == 0 && !(x > 0) || Double.isInfinite(a) && Double.isInfinite(x)) {
      return Double.NaN;
    }
    if (a == 0 || x == 0 || Double.isInfinite(a) || Double.isInfinite(x)) {
      return (a == 0 || Double.isInfinite(x)) != upper ? 1 : 0;
    }
    if (Double.isNaN(a + x)) {
      return Double.NaN;
    }
    boolean below = x < a + 1;
    double factor = Math.exp(logFactor(p));
    if (factor == 0) {
      return below == upper ? 1 : 0;
    }
    if (a >= UNIFORM_FROM && Math.abs((x - a) / a) < NEAR) {
      below = x < a;
      double y = nearby(p, below);
      return below == upper ? 1 - y : y;
    }
    double y = below ? factor * series(a, x) : factor * fraction(a, x) * a;
    return below != upper ? y : upper && x < 1.1 && y > 0.5 ? small(p) : 1 - y;
  }

  /** Logarithm of x^a e^-x / Γ(a + 1); by Stirling's series where a is large, so that large terms do not cancel. */
  private static double logFactor(Place p) {
    double a = p.a;
    if (a < LARGE) {
      return a * Math.log(p.x) - p.x - p.logGamma;
    }
    double square = a * a;
    double rest = (1 - (1 - (1 - 3 / (4 * square)) * 2 / (7 * square)) / (30 * square)) / (12 * a);
    return a * p.excess - 0.5 * Math.log(2 * Math.PI * a) - rest;
  }

  /** 1 + x/(a+1) + x²/((a+1)(a+2)) + ... [8.11.4], all terms positive. */
  private static double series(double a, double x) {
    double term = 1;
    double sum = 1;
    for (double k = a + 1; term > sum * 0x1p-55; k++) {
      term *= x / k;
      sum += term;
    }
    return sum;
  }

  /** The continued fraction 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))) [8.9.2], by Lentz's method. */
  private static double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double f = d;
    double step = 0;
    for (int i = 1; Math.abs(step - 1) >= 0x1p-52 && i < 10_000; i++) {
      double n = -i * (i - a);
      b += 2;
      d = 1 / (n * d + b);
      c = b + n / c;
      step = d * c;
      f *= step;
    }
    return f;
  }

  /** Q where it is small because a is, by γ(a, x) = Σ (-1)^n x^(a+n) / (n! (a+n)) [8.7.1]: nothing is taken from 1. */
  private static double small(Place p) {
    double log = p.a * Math.log(p.x) - p.logGamma;
    double term = 1;
    double sum = 0;
    for (int n = 1; Math.abs(term) > 0x1p-60; n++) {
      term *= -p.x / n;
      sum += term / (p.a + n);
    }
    return -Math.expm1(log) - Math.exp(log) * p.a * sum;
  }

  /**
   * P where x is below a, else Q, by Temme's expansion, uniform in η, η² = -2 excess [8.12.3, 8.12.4 and 8.12.7]: erfc(z) / 2 and, weighted
   * with exp(-z²) / √(2πa), the powers of 1/a that {@link #UNIFORM} has polynomials of η for.
   */
  private static double nearby(Place p, boolean below) {
    double eta = Math.copySign(Math.sqrt(-2 * p.excess), p.x - p.a);
    double sum = 0;
    for (int k = UNIFORM.length - 1; k >= 0; k--) {
      double c = 0;
      for (int n = UNIFORM[k].length - 1; n >= 0; n--) {
        c = c * eta + UNIFORM[k][n];
      }
      sum = sum / p.a + c;
    }
    double rest = sum / Math.sqrt(2 * Math.PI * p.a);
    return Math.exp(p.a * p.excess) * (0.5 * p.erfcx + (below ? -rest : rest));
  }

  /**
   * The first n Taylor coefficients of the functions c_0 = 1/μ - 1/η and c_k = c_(k-1)'/η + (-1)^k g_k/μ [8.12.10 and 8.12.11], where
   * μ(η) = η + η²/3 + ... solves μ μ' = η (1 + μ) and g are Stirling's numbers.
   */
  private static double[][] uniform(int count, int n) {
    int terms = n + 2 * count;
    double[] mu = new double[terms + 3];
    mu[1] = 1;
    for (int i = 2; i < mu.length; i++) {
      double s = mu[i - 1];
      for (int j = 2; j < i; j++) {
        s -= j * mu[j] * mu[i + 1 - j];
      }
      mu[i] = s / (i + 1);
    }
    double[] inverse = new double[terms + 2];
    inverse[0] = 1;
    for (int i = 1; i < inverse.length; i++) {
      for (int j = 1; j <= i; j++) {
        inverse[i] -= mu[j + 1] * inverse[i - j];
      }
    }
    double[][] c = new double[count][];
    c[0] = Arrays.copyOfRange(inverse, 1, inverse.length);
    for (int k = 1; k < count; k++) {
      c[k] = new double[c[k - 1].length - 2];
      for (int i = 0; i < c[k].length; i++) {
        c[k][i] = (i + 2) * c[k - 1][i + 2] + (k % 2 == 0 ? 1 : -1) * STIRLING[k] * inverse[i + 1];
      }
    }
    for (int k = 0; k < count; k++) {
      c[k] = Arrays.copyOf(c[k], n);
    }
    return c;
  }
}
