package org.cotangent.cpu.math;

/**
 * Elementary functions one element at a time, without the Vector API.
 *
 * <p>float32 results are float64 results rounded, and so within 0.501 ulp. float64 results come from {@link Math} where it has the
 * function.
 */
public class ScalarElementwise implements Elementwise {
  /** Keeps no state: every instance gives the same results. */
  public ScalarElementwise() {}

  @Override
  public void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.exp(x[xo + i]);
  }

  @Override
  public void exp(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.exp(x[xo + i]);
  }

  @Override
  public void expm1(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.expm1(x[xo + i]);
  }

  @Override
  public void expm1(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.expm1(x[xo + i]);
  }

  @Override
  public void log(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.log(x[xo + i]);
  }

  @Override
  public void log(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.log(x[xo + i]);
  }

  @Override
  public void log1p(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.log1p(x[xo + i]);
  }

  @Override
  public void log1p(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.log1p(x[xo + i]);
  }

  @Override
  public void log2(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ScalarMath.log2(x[xo + i]);
  }

  @Override
  public void log2(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.log2(x[xo + i]);
  }

  @Override
  public void log10(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.log10(x[xo + i]);
  }

  @Override
  public void log10(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.log10(x[xo + i]);
  }

  @Override
  public void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.sqrt(x[xo + i]);
  }

  @Override
  public void sqrt(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.sqrt(x[xo + i]);
  }

  @Override
  public void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) (1 / Math.sqrt(x[xo + i]));
  }

  @Override
  public void rsqrt(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = 1 / Math.sqrt(x[xo + i]);
  }

  @Override
  public void sin(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.sin(x[xo + i]);
  }

  @Override
  public void sin(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.sin(x[xo + i]);
  }

  @Override
  public void cos(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.cos(x[xo + i]);
  }

  @Override
  public void cos(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.cos(x[xo + i]);
  }

  @Override
  public void tan(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.tan(x[xo + i]);
  }

  @Override
  public void tan(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.tan(x[xo + i]);
  }

  @Override
  public void asin(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.asin(x[xo + i]);
  }

  @Override
  public void asin(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.asin(x[xo + i]);
  }

  @Override
  public void acos(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.acos(x[xo + i]);
  }

  @Override
  public void acos(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.acos(x[xo + i]);
  }

  @Override
  public void atan(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.atan(x[xo + i]);
  }

  @Override
  public void atan(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.atan(x[xo + i]);
  }

  @Override
  public void sinh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.sinh(x[xo + i]);
  }

  @Override
  public void sinh(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.sinh(x[xo + i]);
  }

  @Override
  public void cosh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.cosh(x[xo + i]);
  }

  @Override
  public void cosh(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.cosh(x[xo + i]);
  }

  @Override
  public void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.tanh(x[xo + i]);
  }

  @Override
  public void tanh(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.tanh(x[xo + i]);
  }

  @Override
  public void asinh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ScalarMath.asinh(x[xo + i]);
  }

  @Override
  public void asinh(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.asinh(x[xo + i]);
  }

  @Override
  public void acosh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ScalarMath.acosh(x[xo + i]);
  }

  @Override
  public void acosh(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.acosh(x[xo + i]);
  }

  @Override
  public void atanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ScalarMath.atanh(x[xo + i]);
  }

  @Override
  public void atanh(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.atanh(x[xo + i]);
  }

  @Override
  public void erf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ErrorFunction.erf(x[xo + i]);
  }

  @Override
  public void erf(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ErrorFunction.erf(x[xo + i]);
  }

  @Override
  public void erfc(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ErrorFunction.erfc(x[xo + i]);
  }

  @Override
  public void erfc(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ErrorFunction.erfc(x[xo + i]);
  }

  @Override
  public void erfinv(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ErrorFunction.erfinv(x[xo + i]);
  }

  @Override
  public void erfinv(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ErrorFunction.erfinv(x[xo + i]);
  }

  @Override
  public void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ScalarMath.sigmoid(x[xo + i]);
  }

  @Override
  public void sigmoid(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.sigmoid(x[xo + i]);
  }

  @Override
  public void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) ScalarMath.softplus(x[xo + i]);
  }

  @Override
  public void softplus(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = ScalarMath.softplus(x[xo + i]);
  }

  @Override
  public void lgamma(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) GammaFunctions.lgamma(x[xo + i]);
  }

  @Override
  public void lgamma(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = GammaFunctions.lgamma(x[xo + i]);
  }

  @Override
  public void digamma(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) GammaFunctions.digamma(x[xo + i]);
  }

  @Override
  public void digamma(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = GammaFunctions.digamma(x[xo + i]);
  }

  @Override
  public void pow(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) z[zo + i] = (float) power(x[xo + i], y[yo + i]);
  }

  @Override
  public void pow(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) z[zo + i] = power(x[xo + i], y[yo + i]);
  }

  @Override
  public void atan2(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int i = 0; i < n; i++) z[zo + i] = (float) Math.atan2(x[xo + i], y[yo + i]);
  }

  @Override
  public void atan2(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
    for (int i = 0; i < n; i++) z[zo + i] = Math.atan2(x[xo + i], y[yo + i]);
  }

  @Override
  public void polygamma(int order, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = GammaFunctions.polygamma(order, x[xo + i]);
  }

  @Override
  public void polygamma(int order, double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = GammaFunctions.polygamma(order, x[xo + i]);
  }

  /** As C's pow, of which {@link Math#pow} differs where the base is 1 and the exponent NaN or infinite, or the base -1 and it is infinite. */
  private static double power(double x, double y) {
    return x == 1 || x == -1 && Double.isInfinite(y) ? 1 : Math.pow(x, y);
  }
}
