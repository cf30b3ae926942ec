package org.cotangent.cpu.math;

/**
 * The logarithm of the gamma function and its derivatives in float64.
 *
 * <p>Recurrence to a range where a rational fit or an asymptotic series holds, reflection for negative arguments (Abramowitz and Stegun,
 * chapter 6). The fits divide by the zeros of the function, so that the relative error stays small beside them; coefficients are
 * near-minimax fits in 70-digit arithmetic.
 */
public final class GammaFunctions {
  /** The largest order of {@link #polygamma}: beyond it the factorial overflows. */
  public static final int MAX_ORDER = 170;

  /* lgamma(1 + u) = u (u - 1) P(u) / Q(u) for 0 <= u <= 2; relative error below 2^-56. */
  private static final double[] LGAMMA_P = {
    0x1.2788cfc6fb619p-1, 0x1.97c0898245e5ap0, 0x1.a8b8185861503p0, 0x1.a04ae598cd059p-1, 0x1.85f0be50ff3d8p-3, 0x1.39c4652cbf1bp-6,
    0x1.3d8a84877c7a8p-11, 0x1.636a64d8b8754p-20
  };
  private static final double[] LGAMMA_Q = {
    0x1p0, 0x1.97976f7356838p1, 0x1.fa9d8c6bcb322p1, 0x1.375544ec68237p1, 0x1.8bbd92fe6662ap-1, 0x1.f0b18cf4c33p-4,
    0x1.09459b3a2609ap-7, 0x1.47dbcd003069fp-13
  };

  /* digamma(1 + u) = (1 + u - root) P(u) / Q(u) for 0 <= u <= 1; relative error below 2^-59. */
  private static final double[] DIGAMMA_P = {
    0x1.4018e9a62525ep0, 0x1.c8adcd4fc423bp0, 0x1.b82ca04f3e0e4p-1, 0x1.598b12403d531p-3, 0x1.97e0247d0d67cp-7, 0x1.dbf0babba195fp-13
  };
  private static final double[] DIGAMMA_Q = {
    0x1p0, 0x1.0e1c2a70baf9ep1, 0x1.873926432af64p0, 0x1.eca08a97b8e8ep-2, 0x1.1077557bfece8p-4, 0x1.c589a43ceb452p-9,
    0x1.50917e56222d1p-15
  };

  private static final double ROOT = 0x1.762d86356be3fp0;
  private static final double ROOT_REST = 0x1.b86a722197829p-54;
  private static final double HALF_LOG_TWO_PI = 0x1.d67f1c864beb5p-1;

  /* Bernoulli numbers B_2, B_4, ... B_24. */
  private static final double[] BERNOULLI = {
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138,
    -236364091.0 / 2730
  };

  /* B_2k / (2k (2k - 1)) and B_2k / 2k: the series of lgamma and digamma in 1 / x^2. */
  private static final double[] STIRLING = new double[9];
  private static final double[] STIRLING_DERIVATIVE = new double[9];

  static {
    for (int i = 0; i < STIRLING.length; i++) {
      int twoK = 2 * i + 2;
      STIRLING_DERIVATIVE[i] = BERNOULLI[i] / twoK;
      STIRLING[i] = STIRLING_DERIVATIVE[i] / (twoK - 1);
    }
  }

  private GammaFunctions() {}

  /**
   * The natural logarithm of the absolute value of the gamma function; positive infinity at 0, -1, -2, ... and both infinities.
   *
   * <p>Within 1e-14 relative for positive x; for negative x too, away from the zeros between the poles, where the error is absolute.
   */
  public static double lgamma(double x) {
    if (Double.isInfinite(x)) return Double.POSITIVE_INFINITY;
    if (x <= 0) {
      double a = -x;
      if (a == Math.floor(a)) return Double.POSITIVE_INFINITY;
      return a < 0x1p-60 ? -Math.log(a) : Math.log(Math.PI / Math.abs(a * sinPi(a))) - lgamma(a);
    }
    if (x >= 10) {
      double r = 1 / x, series = r * Polynomial.value(STIRLING, r * r);
      return x > 0x1p60 ? x * (Math.log(x) - 1) : (x - 0.5) * Math.log(x) - x + (HALF_LOG_TWO_PI + series);
    }
    if (x < 1) return nearOne(x) - Math.log(x);
    double product = 1;
    while (x > 3) product *= --x;
    return nearOne(x - 1) + (product == 1 ? 0 : Math.log(product));
  }

  /** lgamma(1 + u) for 0 &le; u &le; 2. */
  private static double nearOne(double u) {
    return u * (u - 1) * Polynomial.ratio(LGAMMA_P, LGAMMA_Q, u);
  }

  /**
   * The derivative of {@link #lgamma}; minus infinity at 0, plus infinity at -0.0, NaN at -1, -2, ...
   *
   * <p>Within 1e-14 relative for positive x, the root at 1.4616 included; for negative x away from the roots between the poles.
   */
  public static double digamma(double x) {
    if (x == 0) return Math.copySign(Double.POSITIVE_INFINITY, -x);
    if (x < 0) {
      if (x == Math.floor(x)) return Double.NaN;
      return digamma(1 - x) - Math.PI * cotPi(x);
    }
    if (x >= 10) {
      double r = 1 / x, s = r * r;
      return Math.log(x) - (0.5 * r + s * Polynomial.value(STIRLING_DERIVATIVE, s));
    }
    double sum = 0;
    while (x > 2) sum += 1 / --x;
    if (x < 1) sum = -1 / x++;
    return sum + (x - ROOT - ROOT_REST) * Polynomial.ratio(DIGAMMA_P, DIGAMMA_Q, x - 1);
  }

  /**
   * The derivative of {@link #digamma} of order {@code order}; at -1, -2, ... positive infinity for odd orders and negative infinity for even
   * ones, although their sides differ. Within 1e-13 relative for positive x.
   *
   * <p>Of order 1 the poles at -1, -2, ... are finite, (pi / sin(pi x))^2 with pi x rounded, some 1e32: PyTorch's kernel, whose values
   * these are, reflects there without a test for integers.
   *
   * <p>For positive x (-1)^(n+1) n! zeta(n + 1, x), Hurwitz's zeta function by the Euler-Maclaurin formula; else by the reflection formula.
   *
   * @throws IllegalArgumentException if the order is negative or above {@value #MAX_ORDER}
   */
  public static double polygamma(int order, double x) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException("polygamma: the order must be from 0 to " + MAX_ORDER + ": " + order);
    }
    if (order == 0) return digamma(x);
    boolean odd = (order & 1) != 0;
    if (x == 0) return odd ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    if (x < 0) {
      if (x == Math.floor(x) && order == 1) return square(Math.PI / Math.sin(Math.PI * x));
      if (x == Math.floor(x)) return odd ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      double mirrored = polygamma(order, 1 - x), cot = cotPiDerivative(order, x);
      return odd ? -mirrored - cot : mirrored - cot;
    }
    double value = scaledZeta(order + 1, x) / x;
    for (int i = 1; i <= order; i++) value *= i / x;
    return odd ? value : -value;
  }

  /** {@link #polygamma(int, double)} of a float32 number: at -1, -2, ... every step is rounded to float32. */
  public static float polygamma(int order, float x) {
    if (order == 1 && x < 0 && x == Math.floor(x)) {
      float pi = (float) Math.PI, sine = (float) Math.sin(pi * x);
      return pi * pi / (sine * sine);
    }
    return (float) polygamma(order, (double) x);
  }

  /** The sum of (1 + k/x)^-s over k = 0, 1, 2, ... for x &gt; 0: x^s zeta(s, x), which neither overflows nor underflows early. */
  static double scaledZeta(double s, double x) {
    double sum = 0, a = x;
    for (; a < 12 + s && a + 1 != a; a++) {
      double term = Math.pow(x / a, s);
      sum += term;
      if (!(term >= sum * 0x1p-60)) return sum;
    }
    double power = Math.pow(x / a, s);
    sum += power * (a / (s - 1) + 0.5);
    double factor = power * s / a;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      factor /= (2.0 * k - 1) * (2.0 * k);
      double term = BERNOULLI[k - 1] * factor;
      sum += term;
      if (Math.abs(term) < sum * 0x1p-58) break;
      factor *= (s + 2.0 * k - 1) / a * ((s + 2.0 * k) / a);
    }
    return sum;
  }

  /**
   * pi times the n-th derivative of cot(pi x): with c = cot(pi x) a polynomial in c, from dc/dx = -pi (1 + c^2).
   */
  private static double cotPiDerivative(int n, double x) {
    double[] p = {0, Math.PI};
    for (int i = 0; i < n; i++) {
      double[] q = new double[p.length + 1];
      for (int j = 1; j < p.length; j++) {
        double d = -Math.PI * j * p[j];
        q[j - 1] += d;
        q[j + 1] += d;
      }
      p = q;
    }
    return Polynomial.value(p, cotPi(x));
  }

  private static double square(double x) {
    return x * x;
  }

  /** sin(pi x) with exact reduction of the argument. */
  private static double sinPi(double x) {
    double r = x - 2 * Math.rint(0.5 * x), a = Math.abs(r);
    return Math.copySign(a <= 0.25 ? Math.sin(Math.PI * a) : a <= 0.75 ? Math.cos(Math.PI * (0.5 - a)) : Math.sin(Math.PI * (1 - a)), r);
  }

  private static double cotPi(double x) {
    double r = x - Math.rint(x), a = Math.abs(r);
    return Math.copySign(a <= 0.25 ? 1 / Math.tan(Math.PI * a) : Math.tan(Math.PI * (0.5 - a)), r);
  }
}
