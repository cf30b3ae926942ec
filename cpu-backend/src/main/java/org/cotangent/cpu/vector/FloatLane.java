package org.cotangent.cpu.vector;

import static java.lang.Math.fma;
import static org.cotangent.cpu.vector.FloatCoefficients.*;

/**
 * The float32 kernels for one element: operation by operation what the vector loops do in each lane, and so with the same bits.
 *
 * <p>They serve until the vector loops are compiled: see {@link Warming}.
 */
final class FloatLane {
  private static final int ONE_BITS = 0x3f800000;
  private static final int SQRT_HALF_BITS = 0x3f3504f3;
  private static final int FRACTION = 0x7fffff;
  private static final int INFINITY_BITS = 0x7f800000;
  private static final int SIGN = 0x80000000;

  private FloatLane() {}

  static void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = exp(x[xo + i]);
  }

  static void expm1(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = expm1(x[xo + i]);
  }

  static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = sigmoid(x[xo + i]);
  }

  static void log(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = log(x[xo + i]);
  }

  static void log1p(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = log1p(x[xo + i]);
  }

  static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = softplus(x[xo + i]);
  }

  static void sin(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = sin(x[xo + i]);
  }

  static void cos(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = cos(x[xo + i]);
  }

  static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = tanh(x[xo + i]);
  }

  static void erf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = erf(x[xo + i]);
  }

  static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (float) Math.sqrt(x[xo + i]);
  }

  static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = rsqrt(x[xo + i]);
  }

  static float rsqrt(float v) {
    return 1 / (float) Math.sqrt(v);
  }

  static float exp(float v) {
    float z = fma(v, LOG2_E, ROUNDER);
    float k = z - ROUNDER;
    float r = fma(k, -LN2_1, fma(k, -LN2_0, v));
    float p = fma(fma(fma(fma(fma(fma(EXP_4, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0), r, 1f), r, 1f);
    int kb = Float.floatToRawIntBits(z);
    int hb = Float.floatToRawIntBits(fma(k, 0.5f, ROUNDER));
    float a = p * Float.intBitsToFloat((hb << 23) + ONE_BITS);
    float b = Float.intBitsToFloat(((kb - hb) << 23) + ONE_BITS);
    return (v < -104f) ? 0f : ((v > 89f) ? Float.POSITIVE_INFINITY : (a * b));
  }

  private static float expm1(float v) {
    float z = fma(v, LOG2_E, ROUNDER);
    float k = z - ROUNDER;
    float r = fma(k, -LN2_1, fma(k, -LN2_0, v));
    float q = fma(fma(fma(fma(fma(EXPM1_5, r, EXPM1_4), r, EXPM1_3), r, EXPM1_2), r, EXPM1_1), r, EXPM1_0);
    float p = fma(r * r, q, r);
    float s = Float.intBitsToFloat((Float.floatToRawIntBits(z) << 23) + (ONE_BITS - (1 << 23)));
    float e = fma(s, p, s - 0.5f);
    return (Math.abs(v) < 0x1p-25f) ? v : ((v < -20f) ? -1f : ((v > 89f) ? Float.POSITIVE_INFINITY : (e + e)));
  }

  private static float expMinusAbs(float v) {
    float a = -Math.abs(v);
    float z = fma(a, LOG2_E, ROUNDER);
    float k = z - ROUNDER;
    float r = fma(k, -LN2_1, fma(k, -LN2_0, a));
    float p = fma(fma(fma(fma(fma(fma(EXP_4, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0), r, 1f), r, 1f);
    int kb = Float.floatToRawIntBits(z);
    int hb = Float.floatToRawIntBits(fma(k, 0.5f, ROUNDER));
    float s = p * Float.intBitsToFloat((hb << 23) + ONE_BITS);
    return (a < -104f) ? 0f : (s * Float.intBitsToFloat(((kb - hb) << 23) + ONE_BITS));
  }

  static float sigmoid(float v) {
    float a = -Math.abs(v);
    float z = fma(a, LOG2_E, ROUNDER);
    float k = z - ROUNDER;
    float r = fma(k, -LN2_1, fma(k, -LN2_0, a));
    float p = fma(fma(fma(fma(fma(fma(EXP_4, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0), r, 1f), r, 1f);
    int kb = Float.floatToRawIntBits(z);
    int hb = Float.floatToRawIntBits(fma(k, 0.5f, ROUNDER));
    float s = p * Float.intBitsToFloat((hb << 23) + ONE_BITS);
    float t = (a < -104f) ? 0f : (s * Float.intBitsToFloat(((kb - hb) << 23) + ONE_BITS));
    float u = t + 1f;
    float lost = (u - 1f) - t;
    float q = ((v < 0f) ? t : 1f) / u;
    return fma(lost, q, q);
  }

  static float log(float v) {
    boolean subnormal = v < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(subnormal ? (v * 0x1p25f) : v) - SQRT_HALF_BITS;
    float k = (float) (bits >> 23);
    k = subnormal ? (k - 25f) : k;
    float f = Float.intBitsToFloat((bits & FRACTION) + SQRT_HALF_BITS) - 1f;
    float s = f * f;
    float p = fma(fma(fma(fma(fma(fma(fma(fma(LOG_8, f, LOG_7), f, LOG_6), f, LOG_5), f, LOG_4), f, LOG_3), f, LOG_2), f, LOG_1), f, LOG_0);
    float tail = fma(s, -0.5f, fma(s * f, p, k * LN2_1));
    int raw = Float.floatToRawIntBits(v);
    return (v == 0f) ? Float.NEGATIVE_INFINITY : ((raw < 0) ? Float.NaN : ((raw >= INFINITY_BITS) ? v : fma(k, LN2_0, f + tail)));
  }

  private static float log1p(float v) {
    float u = v + 1f;
    float w = u - v;
    float lost = (1f - w) + (v - (u - w));
    int bits = Float.floatToRawIntBits(u) - SQRT_HALF_BITS;
    int kb = bits >> 23;
    float k = (float) kb;
    float scale = Float.intBitsToFloat(Math.max(ONE_BITS - (kb << 23), 0));
    float f = fma(lost, scale, Float.intBitsToFloat((bits & FRACTION) + SQRT_HALF_BITS) - 1f);
    float s = f * f;
    float p = fma(fma(fma(fma(fma(fma(fma(fma(LOG_8, f, LOG_7), f, LOG_6), f, LOG_5), f, LOG_4), f, LOG_3), f, LOG_2), f, LOG_1), f, LOG_0);
    float tail = fma(s, -0.5f, fma(s * f, p, k * LN2_1));
    return (v == -1f) ? Float.NEGATIVE_INFINITY : ((!(v >= -1f)) ? Float.NaN
        : (((Float.floatToRawIntBits(v) >= INFINITY_BITS) || (v == 0f)) ? v : fma(k, LN2_0, f + tail)));
  }

  private static float softplus(float v) {
    float e = expMinusAbs(v);
    boolean large = e > 0.41421354f;
    float f = large ? fma(e, 0.5f, -0.5f) : e;
    float k = large ? LN2_0 : 0f;
    float s = f * f;
    float p = fma(fma(fma(fma(fma(fma(fma(fma(LOG_8, f, LOG_7), f, LOG_6), f, LOG_5), f, LOG_4), f, LOG_3), f, LOG_2), f, LOG_1), f, LOG_0);
    float log = (f + fma(s, -0.5f, (s * f) * p)) + k;
    return log + ((v > 0f) ? v : 0f);
  }

  private static float sin(float v) {
    if (!(Math.abs(v) <= FloatTrig.LIMIT)) return (float) StrictMath.sin(v);
    float a = Math.abs(v);
    float z = fma(a, TWO_OVER_PI, ROUNDER);
    float k = z - ROUNDER;
    float t = fma(k, -HALF_PI_0, a);
    float m = k * -HALF_PI_1;
    float r = t + m;
    float w = r - t;
    float d = fma(k, -HALF_PI_2, ((t - (r - w)) + (m - w)) + fma(k, -HALF_PI_1, -m));
    float s = r * r;
    float sin = fma(r * s, fma(fma(fma(SIN_3, s, SIN_2), s, SIN_1), s, SIN_0), d) + r;
    float cos = fma(s, -0.5f, fma(s * s, fma(fma(COS_2, s, COS_1), s, COS_0), -(r * d))) + 1f;
    int q = Float.floatToRawIntBits(z);
    int sign = ((q << 30) ^ Float.floatToRawIntBits(v)) & SIGN;
    int result = Float.floatToRawIntBits(((q & 1) != 0) ? cos : sin);
    return Float.intBitsToFloat(result ^ sign);
  }

  private static float cos(float v) {
    if (!(Math.abs(v) <= FloatTrig.LIMIT)) return (float) StrictMath.cos(v);
    float a = Math.abs(v);
    float z = fma(a, TWO_OVER_PI, ROUNDER);
    float k = z - ROUNDER;
    float t = fma(k, -HALF_PI_0, a);
    float m = k * -HALF_PI_1;
    float r = t + m;
    float w = r - t;
    float d = fma(k, -HALF_PI_2, ((t - (r - w)) + (m - w)) + fma(k, -HALF_PI_1, -m));
    float s = r * r;
    float sin = fma(r * s, fma(fma(fma(SIN_3, s, SIN_2), s, SIN_1), s, SIN_0), d) + r;
    float cos = fma(s, -0.5f, fma(s * s, fma(fma(COS_2, s, COS_1), s, COS_0), -(r * d))) + 1f;
    int q = Float.floatToRawIntBits(z) + 1;
    int result = Float.floatToRawIntBits(((q & 1) == 0) ? sin : cos);
    return Float.intBitsToFloat(result ^ ((q << 30) & SIGN));
  }

  private static float tanh(float v) {
    float a = Math.abs(v);
    float m = Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(a), Float.floatToRawIntBits(10f)));
    float z = fma(m, 2 * LOG2_E, ROUNDER);
    float r = fma(m, 2 * LOG2_E, ROUNDER - z);
    float p = fma(fma(fma(fma(fma(fma(EXP2_5, r, EXP2_4), r, EXP2_3), r, EXP2_2), r, EXP2_1), r, EXP2_0), r, 1f);
    float e = Float.intBitsToFloat((Float.floatToRawIntBits(z) << 23) + Float.floatToRawIntBits(p));
    float large = 1f - (2f / (e + 1f));
    float s = a * a;
    float small = fma(a * s, fma(fma(fma(fma(TANH_4, s, TANH_3), s, TANH_2), s, TANH_1), s, TANH_0), a);
    int result = Float.floatToRawIntBits((a >= 0.6f) ? large : small);
    return Float.intBitsToFloat(result | (Float.floatToRawIntBits(v) & SIGN));
  }

  private static float erf(float v) {
    float a = Math.abs(v);
    float m = Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(a), Float.floatToRawIntBits(4f)));
    float w = fma(fma(fma(fma(fma(fma(-ERFC_6, m, -ERFC_5), m, -ERFC_4), m, -ERFC_3), m, -ERFC_2), m, -ERFC_1), m, -ERFC_0);
    float z = w + ROUNDER;
    float r = w + (ROUNDER - z);
    float p = fma(fma(fma(fma(fma(fma(EXP2_5, r, EXP2_4), r, EXP2_3), r, EXP2_2), r, EXP2_1), r, EXP2_0), r, 1f);
    float large = 1f - Float.intBitsToFloat((Float.floatToRawIntBits(z) << 23) + Float.floatToRawIntBits(p));
    float s = a * a;
    float small = fma(a, fma(fma(fma(fma(fma(fma(ERF_6, s, ERF_5), s, ERF_4), s, ERF_3), s, ERF_2), s, ERF_1), s, ERF_0), a);
    int result = Float.floatToRawIntBits((a >= 0.9f) ? large : small);
    return Float.intBitsToFloat(result | (Float.floatToRawIntBits(v) & SIGN));
  }
}
