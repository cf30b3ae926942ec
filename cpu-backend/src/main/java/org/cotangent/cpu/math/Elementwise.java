package org.cotangent.cpu.math;

/**
 * Elementary functions over blocks of float32 and float64 numbers.
 *
 * <p>Each method computes {@code y[yo + i] = f(x[xo + i])} for i from 0 to {@code n - 1}. The blocks may be one and the same; they must not
 * overlap otherwise. The bits of a result depend on the argument and the implementation, and not on where in a block it stands or how the
 * work was cut into blocks. All methods may be called from any thread.
 *
 * <p>float32 results are within 2 ulp (units in the last place). float64 results are within 2 ulp for exp, expm1, log, log1p, sin, cos,
 * tanh, erf, sigmoid, softplus, sqrt and rsqrt (2.5 for the scalar tanh, which is the JDK's), and within 4 ulp for the rest but lgamma,
 * digamma and polygamma, whose errors {@link GammaFunctions} states. Subnormal numbers, infinities, NaN and signed zeros are treated as
 * {@link Math} treats them.
 *
 * <p>A block that reaches outside its array throws {@link IndexOutOfBoundsException}; what was written before it stays.
 */
public interface Elementwise {
  /** e to the power x. */
  void exp(float[] x, int xo, float[] y, int yo, int n);

  /** e to the power x. */
  void exp(double[] x, int xo, double[] y, int yo, int n);

  /** exp(x) - 1, accurate near 0. */
  void expm1(float[] x, int xo, float[] y, int yo, int n);

  /** exp(x) - 1, accurate near 0. */
  void expm1(double[] x, int xo, double[] y, int yo, int n);

  /** Natural logarithm. */
  void log(float[] x, int xo, float[] y, int yo, int n);

  /** Natural logarithm. */
  void log(double[] x, int xo, double[] y, int yo, int n);

  /** log(1 + x), accurate near 0. */
  void log1p(float[] x, int xo, float[] y, int yo, int n);

  /** log(1 + x), accurate near 0. */
  void log1p(double[] x, int xo, double[] y, int yo, int n);

  /** Logarithm to base 2; exact at powers of two. */
  void log2(float[] x, int xo, float[] y, int yo, int n);

  /** Logarithm to base 2; exact at powers of two. */
  void log2(double[] x, int xo, double[] y, int yo, int n);

  /** Logarithm to base 10. */
  void log10(float[] x, int xo, float[] y, int yo, int n);

  /** Logarithm to base 10. */
  void log10(double[] x, int xo, double[] y, int yo, int n);

  /** Square root; correctly rounded. */
  void sqrt(float[] x, int xo, float[] y, int yo, int n);

  /** Square root; correctly rounded. */
  void sqrt(double[] x, int xo, double[] y, int yo, int n);

  /** 1 / sqrt(x). */
  void rsqrt(float[] x, int xo, float[] y, int yo, int n);

  /** 1 / sqrt(x). */
  void rsqrt(double[] x, int xo, double[] y, int yo, int n);

  /** Sine of x in radians, right at any magnitude. */
  void sin(float[] x, int xo, float[] y, int yo, int n);

  /** Sine of x in radians, right at any magnitude. */
  void sin(double[] x, int xo, double[] y, int yo, int n);

  /** Cosine of x in radians, right at any magnitude. */
  void cos(float[] x, int xo, float[] y, int yo, int n);

  /** Cosine of x in radians, right at any magnitude. */
  void cos(double[] x, int xo, double[] y, int yo, int n);

  /** Tangent of x in radians, right at any magnitude. */
  void tan(float[] x, int xo, float[] y, int yo, int n);

  /** Tangent of x in radians, right at any magnitude. */
  void tan(double[] x, int xo, double[] y, int yo, int n);

  /** Arc sine in radians; NaN for |x| above 1. */
  void asin(float[] x, int xo, float[] y, int yo, int n);

  /** Arc sine in radians; NaN for |x| above 1. */
  void asin(double[] x, int xo, double[] y, int yo, int n);

  /** Arc cosine in radians; NaN for |x| above 1. */
  void acos(float[] x, int xo, float[] y, int yo, int n);

  /** Arc cosine in radians; NaN for |x| above 1. */
  void acos(double[] x, int xo, double[] y, int yo, int n);

  /** Arc tangent in radians. */
  void atan(float[] x, int xo, float[] y, int yo, int n);

  /** Arc tangent in radians. */
  void atan(double[] x, int xo, double[] y, int yo, int n);

  /** Hyperbolic sine. */
  void sinh(float[] x, int xo, float[] y, int yo, int n);

  /** Hyperbolic sine. */
  void sinh(double[] x, int xo, double[] y, int yo, int n);

  /** Hyperbolic cosine. */
  void cosh(float[] x, int xo, float[] y, int yo, int n);

  /** Hyperbolic cosine. */
  void cosh(double[] x, int xo, double[] y, int yo, int n);

  /** Hyperbolic tangent. */
  void tanh(float[] x, int xo, float[] y, int yo, int n);

  /** Hyperbolic tangent. */
  void tanh(double[] x, int xo, double[] y, int yo, int n);

  /** Inverse hyperbolic sine. */
  void asinh(float[] x, int xo, float[] y, int yo, int n);

  /** Inverse hyperbolic sine. */
  void asinh(double[] x, int xo, double[] y, int yo, int n);

  /** Inverse hyperbolic cosine; NaN for x below 1. */
  void acosh(float[] x, int xo, float[] y, int yo, int n);

  /** Inverse hyperbolic cosine; NaN for x below 1. */
  void acosh(double[] x, int xo, double[] y, int yo, int n);

  /** Inverse hyperbolic tangent; NaN for |x| above 1. */
  void atanh(float[] x, int xo, float[] y, int yo, int n);

  /** Inverse hyperbolic tangent; NaN for |x| above 1. */
  void atanh(double[] x, int xo, double[] y, int yo, int n);

  /** Error function. */
  void erf(float[] x, int xo, float[] y, int yo, int n);

  /** Error function. */
  void erf(double[] x, int xo, double[] y, int yo, int n);

  /** 1 - erf(x), accurate for large x. */
  void erfc(float[] x, int xo, float[] y, int yo, int n);

  /** 1 - erf(x), accurate for large x. */
  void erfc(double[] x, int xo, double[] y, int yo, int n);

  /** Inverse of the error function; NaN for |x| above 1. */
  void erfinv(float[] x, int xo, float[] y, int yo, int n);

  /** Inverse of the error function; NaN for |x| above 1. */
  void erfinv(double[] x, int xo, double[] y, int yo, int n);

  /** 1 / (1 + exp(-x)); nothing overflows. */
  void sigmoid(float[] x, int xo, float[] y, int yo, int n);

  /** 1 / (1 + exp(-x)); nothing overflows. */
  void sigmoid(double[] x, int xo, double[] y, int yo, int n);

  /** log(1 + exp(x)); nothing overflows. */
  void softplus(float[] x, int xo, float[] y, int yo, int n);

  /** log(1 + exp(x)); nothing overflows. */
  void softplus(double[] x, int xo, double[] y, int yo, int n);

  /** Logarithm of the absolute value of the gamma function. */
  void lgamma(float[] x, int xo, float[] y, int yo, int n);

  /** Logarithm of the absolute value of the gamma function. */
  void lgamma(double[] x, int xo, double[] y, int yo, int n);

  /** Derivative of lgamma. */
  void digamma(float[] x, int xo, float[] y, int yo, int n);

  /** Derivative of lgamma. */
  void digamma(double[] x, int xo, double[] y, int yo, int n);

  /** x to the power y; as C's pow in special cases; {@code z} may be either operand. */
  void pow(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n);

  /** x to the power y; as C's pow in special cases; {@code z} may be either operand. */
  void pow(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n);

  /**
   * Angle in radians of the point (y, x), as {@code Math.atan2(x, y)}: the first operand is the ordinate; {@code z} may be either operand.
   */
  void atan2(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n);

  /**
   * Angle in radians of the point (y, x), as {@code Math.atan2(x, y)}: the first operand is the ordinate; {@code z} may be either operand.
   */
  void atan2(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n);

  /**
   * Derivative of order {@code order} of digamma.
   *
   * @throws IllegalArgumentException if the order is negative or above {@value GammaFunctions#MAX_ORDER}
   */
  void polygamma(int order, float[] x, int xo, float[] y, int yo, int n);

  /**
   * Derivative of order {@code order} of digamma.
   *
   * @throws IllegalArgumentException if the order is negative or above {@value GammaFunctions#MAX_ORDER}
   */
  void polygamma(int order, double[] x, int xo, double[] y, int yo, int n);
}
