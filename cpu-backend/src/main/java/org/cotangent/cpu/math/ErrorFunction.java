package org.cotangent.cpu.math;

/**
 * The error function, its complement and its inverse in float64.
 *
 * <p>Rational fits as in Cody, Rational Chebyshev approximations for the error function (Math. Comp. 23, 1969); the coefficients are
 * near-minimax fits in 70-digit arithmetic.
 */
public final class ErrorFunction {
  /* erf(x) = x + x P(x^2) / Q(x^2) for |x| <= 1; relative error below 2^-60. */
  private static final double[] ERF_P = {
    0x1.06eba8214db69p-3, -0x1.449d3f78eaccap-2, -0x1.8bea66eb3b73fp-5, -0x1.20df4d38d7e18p-7, -0x1.03d867c2d9e38p-11,
    -0x1.5bd6023bc51b9p-16
  };
  private static final double[] ERF_Q = {
    0x1p0, 0x1.d790bdb5a986p-2, 0x1.8042450a26fbfp-4, 0x1.5e6443fe957cap-7, 0x1.6b11e2f42fa12p-11, 0x1.5d23e19c47a86p-16
  };

  /* erfc(x) = e^(-x^2) P(x) / Q(x) for 0.5 <= x <= 2.5; relative error below 2^-57. */
  private static final double[] MIDDLE_P = {
    0x1.000000005bd68p0, 0x1.7fb91c3bd4a1dp0, 0x1.1ef703b99603fp0, 0x1.0180170307661p-1, 0x1.20b7e202910d9p-3, 0x1.7e8c83f56ed0bp-6,
    0x1.d8a090283cf52p-10
  };
  private static final double[] MIDDLE_Q = {
    0x1p0, 0x1.504b48a2f16b8p1, 0x1.8af31e32fe7cep1, 0x1.0e05b9992e975p1, 0x1.d30b37b3ceafp-1, 0x1.017f8e1256e7ap-2,
    0x1.530766ab0bda2p-5, 0x1.a2da6902e4dfap-9
  };

  /* erfc(x) = e^(-x^2) / x P(1/x^2) / Q(1/x^2) for 2.5 <= x <= 28; relative error below 2^-60. */
  private static final double[] FAR_P = {
    0x1.20dd750429b6dp-1, 0x1.29984506040bep4, 0x1.bc47f145afc09p7, 0x1.2da018585063bp10, 0x1.7f04cd6356494p11, 0x1.a24f84b432736p11,
    0x1.31d2f1894606p10, 0x1.006d00470a3e2p6
  };
  private static final double[] FAR_Q = {
    0x1p0, 0x1.0bbc8d10b0384p5, 0x1.99b7a398a6e7ap8, 0x1.2203401afcbd8p11, 0x1.8c404000fde88p12, 0x1.f038b9ee40957p12,
    0x1.e3ca418bdc82ap11, 0x1.db5d923353fedp8
  };

  /* 2 / sqrt(pi). */
  private static final double SLOPE = 0x1.20dd750429b6dp0;

  private ErrorFunction() {}

  /** 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x; within 2 ulp. */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (a < 1) return x + x * Polynomial.ratio(ERF_P, ERF_Q, x * x);
    if (a > 6) return Math.copySign(1, x);
    return Math.copySign(1 - tail(a), x);
  }

  /** 1 - erf(x) without cancellation; within 4 ulp. */
  public static double erfc(double x) {
    if (x < 0.5) return x < -0.5 ? 2 - erfc(-x) : 1 - erf(x);
    return tail(x);
  }

  /** erfc for x &ge; 0.5; the rounding error of x^2 is put back to first order. */
  private static double tail(double x) {
    if (x > 28) return 0;
    double square = x * x, lost = Math.fma(x, x, -square);
    double gauss = Math.exp(-square);
    gauss -= gauss * lost;
    return x < 2.5 ? gauss * Polynomial.ratio(MIDDLE_P, MIDDLE_Q, x) : gauss * (Polynomial.ratio(FAR_P, FAR_Q, 1 / square) / x);
  }

  /**
   * The y with erf(y) = x, for |x| &lt; 1; plus or minus infinity at plus or minus 1 and NaN beyond; within 4 ulp.
   *
   * <p>Winitzki's closed form (2008, relative error 0.002) and three of Halley's steps, each of which cubes the error; near 1 they solve
   * for the complement, 1 - |x|, which is exact.
   */
  public static double erfinv(double x) {
    double a = Math.abs(x);
    if (!(a < 1)) return a == 1 ? Math.copySign(Double.POSITIVE_INFINITY, x) : Double.NaN;
    if (a < 0x1p-28) return x / SLOPE;
    double log = Math.log1p(-a) + Math.log1p(a), u = 2 / (Math.PI * 0.147) + 0.5 * log;
    double v = -log / 0.147;
    double y = Math.sqrt(v / (u + Math.sqrt(u * u + v)));
    for (int i = 0; i < 3; i++) {
      double miss = a < 0.5 ? erf(y) - a : 1 - a - erfc(y);
      double step = miss / (SLOPE * Math.exp(-y * y));
      y -= step / (1 + y * step);
    }
    return Math.copySign(y, x);
  }
}
