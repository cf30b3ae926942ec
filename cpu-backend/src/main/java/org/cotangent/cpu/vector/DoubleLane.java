package org.cotangent.cpu.vector;

import static java.lang.Math.fma;
import static org.cotangent.cpu.vector.DoubleCoefficients.*;

/**
 * The float64 kernels for one element: operation by operation what the vector loops do in each lane, and so with the same bits.
 *
 * <p>They serve until the vector loops are compiled: see {@link Warming}.
 */
final class DoubleLane {
  private static final long ONE_BITS = 0x3ff0000000000000L;
  private static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
  private static final long FRACTION = 0xfffffffffffffL;
  private static final long INFINITY_BITS = 0x7ff0000000000000L;
  private static final long ROUNDER_BITS = 0x4338000000000000L;
  private static final double BIASED_ROUNDER = ROUNDER + 1023;
  private static final long SIGN = 0x8000000000000000L;

  private DoubleLane() {}

  static void exp(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = exp(x[xo + i]);
  }

  static void expm1(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = expm1(x[xo + i]);
  }

  static void sigmoid(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = sigmoid(x[xo + i]);
  }

  static void log(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = log(x[xo + i]);
  }

  static void log1p(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = log1p(x[xo + i]);
  }

  static void softplus(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = softplus(x[xo + i]);
  }

  static void sin(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = sin(x[xo + i]);
  }

  static void cos(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = cos(x[xo + i]);
  }

  static void tanh(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = tanh(x[xo + i]);
  }

  static void erf(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = erf(x[xo + i]);
  }

  static void sqrt(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.sqrt(x[xo + i]);
  }

  static void rsqrt(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = 1 / Math.sqrt(x[xo + i]);
  }

  private static double exp(double v) {
    double z = fma(v, LOG2_E, ROUNDER);
    double k = z - ROUNDER;
    double r = fma(k, -LN2_1, fma(k, -LN2_0, v));
    double h = fma(fma(fma(fma(fma(fma(EXP_10, r, EXP_9), r, EXP_8), r, EXP_7), r, EXP_6), r, EXP_5), r, EXP_4);
    double p = fma(fma(fma(fma(fma(fma(h, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0), r, 1.0), r, 1.0);
    long kb = Double.doubleToRawLongBits(z);
    long hb = Double.doubleToRawLongBits(fma(k, 0.5, ROUNDER));
    double a = p * Double.longBitsToDouble((hb << 52) + ONE_BITS);
    double b = Double.longBitsToDouble(((kb - hb) << 52) + ONE_BITS);
    return (v < -746.0) ? 0.0 : ((v > 710.0) ? Double.POSITIVE_INFINITY : (a * b));
  }

  private static double expm1(double v) {
    double z = fma(v, LOG2_E, ROUNDER);
    double k = z - ROUNDER;
    double r = fma(k, -LN2_1, fma(k, -LN2_0, v));
    double h = fma(fma(fma(fma(fma(fma(EXP_10, r, EXP_9), r, EXP_8), r, EXP_7), r, EXP_6), r, EXP_5), r, EXP_4);
    double q = fma(fma(fma(fma(h, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0);
    double p = fma(r * r, q, r);
    double s = Double.longBitsToDouble((Double.doubleToRawLongBits(z) << 52) + (ONE_BITS - (1L << 52)));
    double e = fma(s, p, s - 0.5);
    return (Math.abs(v) < 0x1p-54) ? v : ((v < -45.0) ? -1.0 : ((v > 710.0) ? Double.POSITIVE_INFINITY : (e + e)));
  }

  private static double expMinusAbs(double v) {
    double a = -Math.abs(v);
    double z = fma(a, LOG2_E, ROUNDER);
    double k = z - ROUNDER;
    double r = fma(k, -LN2_1, fma(k, -LN2_0, a));
    double h = fma(fma(fma(fma(fma(fma(EXP_10, r, EXP_9), r, EXP_8), r, EXP_7), r, EXP_6), r, EXP_5), r, EXP_4);
    double p = fma(fma(fma(fma(fma(fma(h, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0), r, 1.0), r, 1.0);
    long kb = Double.doubleToRawLongBits(z);
    long hb = Double.doubleToRawLongBits(fma(k, 0.5, ROUNDER));
    double s = p * Double.longBitsToDouble((hb << 52) + ONE_BITS);
    return (a < -746.0) ? 0.0 : (s * Double.longBitsToDouble(((kb - hb) << 52) + ONE_BITS));
  }

  private static double sigmoid(double v) {
    double a = -Math.abs(v);
    double z = fma(a, LOG2_E, ROUNDER);
    double k = z - ROUNDER;
    double r = fma(k, -LN2_1, fma(k, -LN2_0, a));
    double h = fma(fma(fma(fma(fma(fma(EXP_10, r, EXP_9), r, EXP_8), r, EXP_7), r, EXP_6), r, EXP_5), r, EXP_4);
    double p = fma(fma(fma(fma(fma(fma(h, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0), r, 1.0), r, 1.0);
    long kb = Double.doubleToRawLongBits(z);
    long hb = Double.doubleToRawLongBits(fma(k, 0.5, ROUNDER));
    double s = p * Double.longBitsToDouble((hb << 52) + ONE_BITS);
    double t = (a < -746.0) ? 0.0 : (s * Double.longBitsToDouble(((kb - hb) << 52) + ONE_BITS));
    double u = t + 1.0;
    double lost = (1.0 - u) + t;
    double over = (v < 0.0) ? t : 1.0;
    double inverse = 1.0 / u;
    double m = -(over * inverse);
    return fma(fma(m, lost, fma(m, u, over)), inverse, -m);
  }

  private static double log(double v) {
    boolean subnormal = v < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(subnormal ? (v * 0x1p54) : v) + (ONE_BITS - SQRT_HALF_BITS);
    double k = Double.longBitsToDouble((bits >>> 52) + ROUNDER_BITS) - BIASED_ROUNDER;
    k = subnormal ? (k - 54.0) : k;
    double f = Double.longBitsToDouble((bits & FRACTION) + SQRT_HALF_BITS) - 1.0;
    double s = f / (f + 2.0);
    double w = s * s;
    double q = (f * f) * 0.5;
    double p = fma(fma(fma(fma(fma(fma(LOG_6, w, LOG_5), w, LOG_4), w, LOG_3), w, LOG_2), w, LOG_1), w, LOG_0);
    double tail = fma(s, fma(w, p, q), k * LN2_1) - q;
    long raw = Double.doubleToRawLongBits(v);
    return (v == 0.0) ? Double.NEGATIVE_INFINITY : ((raw < 0) ? Double.NaN : ((raw >= INFINITY_BITS) ? v : fma(k, LN2_0, f + tail)));
  }

  private static double log1p(double v) {
    double u = v + 1.0;
    double b = u - v;
    double lost = (1.0 - b) + (v - (u - b));
    long bits = Double.doubleToRawLongBits(u) + (ONE_BITS - SQRT_HALF_BITS);
    long kb = bits >>> 52;
    double k = Double.longBitsToDouble(kb + ROUNDER_BITS) - BIASED_ROUNDER;
    double scale = Double.longBitsToDouble(Math.max(2 * 1023 - kb, 0) << 52);
    double f = fma(lost, scale, Double.longBitsToDouble((bits & FRACTION) + SQRT_HALF_BITS) - 1.0);
    double s = f / (f + 2.0);
    double w = s * s;
    double q = (f * f) * 0.5;
    double p = fma(fma(fma(fma(fma(fma(LOG_6, w, LOG_5), w, LOG_4), w, LOG_3), w, LOG_2), w, LOG_1), w, LOG_0);
    double tail = fma(s, fma(w, p, q), k * LN2_1) - q;
    return (v == -1.0) ? Double.NEGATIVE_INFINITY : ((!(v >= -1.0)) ? Double.NaN
        : (((Double.doubleToRawLongBits(v) >= INFINITY_BITS) || (v == 0.0)) ? v : fma(k, LN2_0, f + tail)));
  }

  private static double softplus(double v) {
    double e = expMinusAbs(v);
    boolean large = e > 0.4142135623730950;
    double f = large ? fma(e, 0.5, -0.5) : e;
    double k = large ? LN2_0 : 0.0;
    double s = f / (f + 2.0);
    double w = s * s;
    double q = (f * f) * 0.5;
    double p = fma(fma(fma(fma(fma(fma(LOG_6, w, LOG_5), w, LOG_4), w, LOG_3), w, LOG_2), w, LOG_1), w, LOG_0);
    double log = (f + ((s * fma(w, p, q)) - q)) + k;
    return log + ((v > 0.0) ? v : 0.0);
  }

  private static double sin(double v) {
    if (!(Math.abs(v) <= DoubleTrig.LIMIT)) return StrictMath.sin(v);
    double a = Math.abs(v);
    double z = fma(a, TWO_OVER_PI, ROUNDER);
    double k = z - ROUNDER;
    double t = fma(k, -HALF_PI_0, a);
    double m = k * -HALF_PI_1;
    double r = t + m;
    double w = r - t;
    double d = fma(k, -HALF_PI_2, ((t - (r - w)) + (m - w)) + fma(k, -HALF_PI_1, -m));
    double s = r * r;
    double p = fma(fma(fma(fma(fma(SIN_5, s, SIN_4), s, SIN_3), s, SIN_2), s, SIN_1), s, SIN_0);
    double sin = fma(r * s, p, d) + r;
    double u = fma(fma(fma(fma(fma(COS_5, s, COS_4), s, COS_3), s, COS_2), s, COS_1), s, COS_0);
    double cos = fma(s, -0.5, fma(s * s, u, -(r * d))) + 1.0;
    long q = Double.doubleToRawLongBits(z);
    long sign = ((q << 62) ^ Double.doubleToRawLongBits(v)) & SIGN;
    long result = Double.doubleToRawLongBits(((q & 1) != 0) ? cos : sin);
    return Double.longBitsToDouble(result ^ sign);
  }

  private static double cos(double v) {
    if (!(Math.abs(v) <= DoubleTrig.LIMIT)) return StrictMath.cos(v);
    double a = Math.abs(v);
    double z = fma(a, TWO_OVER_PI, ROUNDER);
    double k = z - ROUNDER;
    double t = fma(k, -HALF_PI_0, a);
    double m = k * -HALF_PI_1;
    double r = t + m;
    double w = r - t;
    double d = fma(k, -HALF_PI_2, ((t - (r - w)) + (m - w)) + fma(k, -HALF_PI_1, -m));
    double s = r * r;
    double p = fma(fma(fma(fma(fma(SIN_5, s, SIN_4), s, SIN_3), s, SIN_2), s, SIN_1), s, SIN_0);
    double sin = fma(r * s, p, d) + r;
    double u = fma(fma(fma(fma(fma(COS_5, s, COS_4), s, COS_3), s, COS_2), s, COS_1), s, COS_0);
    double cos = fma(s, -0.5, fma(s * s, u, -(r * d))) + 1.0;
    long q = Double.doubleToRawLongBits(z) + 1;
    long result = Double.doubleToRawLongBits(((q & 1) == 0) ? sin : cos);
    return Double.longBitsToDouble(result ^ ((q << 62) & SIGN));
  }

  private static double tanh(double v) {
    double a = Math.abs(v);
    double m = (a >= 20.0) ? 20.0 : a;
    double z = fma(m, 2 * LOG2_E, ROUNDER);
    double r = fma(m, 2 * LOG2_E, ROUNDER - z);
    double h = fma(fma(fma(fma(fma(fma(EXP2_10, r, EXP2_9), r, EXP2_8), r, EXP2_7), r, EXP2_6), r, EXP2_5), r, EXP2_4);
    double p = fma(fma(fma(fma(fma(h, r, EXP2_3), r, EXP2_2), r, EXP2_1), r, EXP2_0), r, 1.0);
    double e = Double.longBitsToDouble((Double.doubleToRawLongBits(z) << 52) + Double.doubleToRawLongBits(p));
    double s = a * a;
    boolean large = a >= 0.6;
    double over = large ? -2.0 : ((a * s) * fma(fma(TANH_P_2, s, TANH_P_1), s, TANH_P_0));
    double under = large ? (e + 1.0) : fma(fma(fma(TANH_Q_3, s, TANH_Q_2), s, TANH_Q_1), s, 1.0);
    long result = Double.doubleToRawLongBits((large ? 1.0 : a) + (over / under));
    return Double.longBitsToDouble(result | (Double.doubleToRawLongBits(v) & SIGN));
  }

  private static double erf(double v) {
    double a = Math.abs(v);
    double m = (a >= 6.0) ? 6.0 : a;
    double s = a * a;
    boolean large = a >= 1.0;
    double smallOver = fma(fma(fma(fma(fma(ERF_P_5, s, ERF_P_4), s, ERF_P_3), s, ERF_P_2), s, ERF_P_1), s, ERF_P_0);
    double smallUnder = fma(fma(fma(fma(fma(ERF_Q_5, s, ERF_Q_4), s, ERF_Q_3), s, ERF_Q_2), s, ERF_Q_1), s, 1.0);
    double largeOver = fma(fma(fma(fma(fma(fma(fma(-ERFC_P_7, m, -ERFC_P_6), m, -ERFC_P_5), m, -ERFC_P_4), m, -ERFC_P_3), m, -ERFC_P_2),
        m, -ERFC_P_1), m, -ERFC_P_0);
    double largeUnder = fma(fma(fma(fma(fma(ERFC_Q_5, m, ERFC_Q_4), m, ERFC_Q_3), m, ERFC_Q_2), m, ERFC_Q_1), m, 1.0);
    double w = (large ? largeOver : smallOver) / (large ? largeUnder : smallUnder);
    double z = w + ROUNDER;
    double r = w + (ROUNDER - z);
    double h = fma(fma(fma(fma(fma(fma(EXP2_10, r, EXP2_9), r, EXP2_8), r, EXP2_7), r, EXP2_6), r, EXP2_5), r, EXP2_4);
    double p = fma(fma(fma(fma(fma(h, r, EXP2_3), r, EXP2_2), r, EXP2_1), r, EXP2_0), r, 1.0);
    double e = Double.longBitsToDouble((Double.doubleToRawLongBits(z) << 52) + Double.doubleToRawLongBits(p));
    long result = Double.doubleToRawLongBits(large ? (1.0 - e) : fma(a, w, a));
    return Double.longBitsToDouble(result | (Double.doubleToRawLongBits(v) & SIGN));
  }
}
