package org.cotangent.cpu.math;

/** Functions of one float64 number that {@link Math} lacks; each is within 4 ulp. */
final class ScalarMath {
  private static final double LN2 = 0x1.62e42fefa39efp-1;
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double LOG2_E_REST = 0x1.777d0ffda0d24p-56;

  /* The largest x whose e^x is finite, in float64 and float32. */
  private static final double EXP_END = 0x1.62e42fefa39efp9;
  private static final float FLOAT_EXP_END = 0x1.62e42ep6f;

  private ScalarMath() {}

  /** 1 / (1 + e^-x): of e^-|x|, which cannot overflow. */
  static double sigmoid(double x) {
    double t = Math.exp(-Math.abs(x));
    return (x < 0 ? t : 1) / (1 + t);
  }

  /** log(1 + e^x) as max(x, 0) + log(1 + e^-|x|). */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** Logarithm to base 2: the exponent is taken off first, so that powers of two are exact. */
  static double log2(double x) {
    if (!(x > 0 && x < Double.POSITIVE_INFINITY)) return Math.log(x);
    int k = 0;
    double m = x;
    if (m < Double.MIN_NORMAL) {
      m *= 0x1p54;
      k = -54;
    }
    int e = Math.getExponent(m * Math.sqrt(2));
    if (e > Double.MAX_EXPONENT) e = Double.MAX_EXPONENT;
    double log = Math.log(Math.scalb(m, -e));
    return k + e + Math.fma(log, LOG2_E, log * LOG2_E_REST);
  }

  /**
   * (e^x - e^-x) / 2, infinite from where e^|x| overflows, although the result still fits for another log 2: so do PyTorch's vector
   * kernels (SLEEF), while its scalar ones go on; here an element's place makes no difference.
   */
  static double sinh(double x) {
    return Math.abs(x) > EXP_END ? x * Double.POSITIVE_INFINITY : Math.sinh(x);
  }

  /** As {@link #sinh(double)} with the range of float32. */
  static float sinh(float x) {
    return Math.abs(x) > FLOAT_EXP_END ? x * Float.POSITIVE_INFINITY : (float) Math.sinh(x);
  }

  /** (e^x + e^-x) / 2, infinite where {@link #sinh(double)} is. */
  static double cosh(double x) {
    return Math.abs(x) > EXP_END ? Double.POSITIVE_INFINITY : Math.cosh(x);
  }

  /** (e^x + e^-x) / 2, infinite where {@link #sinh(float)} is. */
  static float cosh(float x) {
    return Math.abs(x) > FLOAT_EXP_END ? Float.POSITIVE_INFINITY : (float) Math.cosh(x);
  }

  /** log(|x| + sqrt(x^2 + 1)), by log1p near 0 and without the square where it would overflow (fdlibm, s_asinh.c). */
  static double asinh(double x) {
    double a = Math.abs(x);
    if (a < 0x1p-28) return x;
    double square = a * a, value;
    if (a > 0x1p28) value = Math.log(a) + LN2;
    else if (a > 2) value = Math.log(2 * a + 1 / (Math.sqrt(square + 1) + a));
    else value = Math.log1p(a + square / (1 + Math.sqrt(square + 1)));
    return Math.copySign(value, x);
  }

  /** log(x + sqrt(x^2 - 1)), by log1p near 1 (fdlibm, e_acosh.c). */
  static double acosh(double x) {
    if (x > 0x1p28) return Math.log(x) + LN2;
    if (x > 2) return Math.log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
    double t = x - 1;
    return Math.log1p(t + Math.sqrt(2 * t + t * t));
  }

  /** log((1 + x) / (1 - x)) / 2 (fdlibm, e_atanh.c). */
  static double atanh(double x) {
    double a = Math.abs(x);
    if (a < 0x1p-28) return x;
    double twice = a + a;
    double value = 0.5 * Math.log1p(a < 0.5 ? twice + twice * a / (1 - a) : twice / (1 - a));
    return Math.copySign(value, x);
  }
}
