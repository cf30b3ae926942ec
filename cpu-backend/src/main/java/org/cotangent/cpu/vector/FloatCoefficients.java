package org.cotangent.cpu.vector;

/**
 * Coefficients of the float32 kernels: near-minimax fits in 60-digit arithmetic (linear least squares at Chebyshev
 * nodes, reweighted by Lawson's rule; rational ones by the Sanathanan-Koerner iteration), each rounded to float.
 */
final class FloatCoefficients {
  private FloatCoefficients() {}

  /* e^r = 1 + r + r^2 (EXP_0 + EXP_1 r + ...) for |r| <= 0.352; relative error below 2^-28. */
  static final float EXP_0 = 0x1.fffffcp-2f;
  static final float EXP_1 = 0x1.555488p-3f;
  static final float EXP_2 = 0x1.5558bap-5f;
  static final float EXP_3 = 0x1.124170p-7f;
  static final float EXP_4 = 0x1.6a5114p-10f;

  /* e^r = 1 + r + r^2 (EXPM1_0 + EXPM1_1 r + ...) for |r| <= 0.352; error below 2^-31 relative to e^r - 1. */
  static final float EXPM1_0 = 0x1p-1f;
  static final float EXPM1_1 = 0x1.555554p-3f;
  static final float EXPM1_2 = 0x1.5554a4p-5f;
  static final float EXPM1_3 = 0x1.11116ep-7f;
  static final float EXPM1_4 = 0x1.6d7edap-10f;
  static final float EXPM1_5 = 0x1.a061f8p-13f;

  /** Where e^x is a plain number as far as |x| is not above this: a power of two changes its exponent alone. */
  static final float PLAIN_EXP = 87;

  /* 2^r = 1 + r (EXP2_0 + EXP2_1 r + ...) for |r| <= 0.505; relative error below 2^-28. */
  static final float EXP2_0 = 0x1.62e43p-1f;
  static final float EXP2_1 = 0x1.ebfbdcp-3f;
  static final float EXP2_2 = 0x1.c6aecep-5f;
  static final float EXP2_3 = 0x1.3b2d0ep-7f;
  static final float EXP2_4 = 0x1.5f4a58p-10f;
  static final float EXP2_5 = 0x1.4231a2p-13f;

  /* log(1 + f) = f - f^2/2 + f^3 (LOG_0 + LOG_1 f + ...) for sqrt(1/2) <= 1 + f <= sqrt(2); relative error below 2^-30. */
  static final float LOG_0 = 0x1.555546p-2f;
  static final float LOG_1 = -0x1.000004p-2f;
  static final float LOG_2 = 0x1.99a4fap-3f;
  static final float LOG_3 = -0x1.555d52p-3f;
  static final float LOG_4 = 0x1.2333bp-3f;
  static final float LOG_5 = -0x1.fbff9ep-4f;
  static final float LOG_6 = 0x1.e6ffc8p-4f;
  static final float LOG_7 = -0x1.def664p-4f;
  static final float LOG_8 = 0x1.150eep-4f;

  /* tanh(x) = x + x^3 (TANH_0 + TANH_1 x^2 + ...) for |x| <= 0.6; relative error below 2^-28. */
  static final float TANH_0 = -0x1.55553ep-2f;
  static final float TANH_1 = 0x1.1109a8p-3f;
  static final float TANH_2 = -0x1.b8983p-5f;
  static final float TANH_3 = 0x1.54b44cp-6f;
  static final float TANH_4 = -0x1.824538p-8f;

  /* erf(x) = x + x (ERF_0 + ERF_1 x^2 + ...) for |x| <= 0.9; relative error below 2^-31. */
  static final float ERF_0 = 0x1.06eba8p-3f;
  static final float ERF_1 = -0x1.812744p-2f;
  static final float ERF_2 = 0x1.ce2e54p-4f;
  static final float ERF_3 = -0x1.b8151cp-6f;
  static final float ERF_4 = 0x1.550ap-8f;
  static final float ERF_5 = -0x1.aca142p-11f;
  static final float ERF_6 = 0x1.650938p-14f;

  /* erf(x) = 1 - 2^-(ERFC_0 + ERFC_1 x + ...) for 0.9 <= x <= 3.95; relative error below 2^-28. */
  static final float ERFC_0 = 0x1.f49702p-13f;
  static final float ERFC_1 = 0x1.a087e4p0f;
  static final float ERFC_2 = 0x1.d680dap-1f;
  static final float ERFC_3 = 0x1.33a324p-3f;
  static final float ERFC_4 = -0x1.07c50ep-5f;
  static final float ERFC_5 = 0x1.21e892p-8f;
  static final float ERFC_6 = -0x1.2bf98cp-12f;

  /* sin(r) = r + r^3 (SIN_0 + SIN_1 r^2 + ...) for |r| <= 0.86; relative error below 2^-36. */
  static final float SIN_0 = -0x1.555556p-3f;
  static final float SIN_1 = 0x1.111102p-7f;
  static final float SIN_2 = -0x1.a00a98p-13f;
  static final float SIN_3 = 0x1.6bc26cp-19f;

  /* cos(r) = 1 - r^2/2 + r^4 (COS_0 + COS_1 r^2 + ...) on the same interval; relative error below 2^-31. */
  static final float COS_0 = 0x1.555542p-5f;
  static final float COS_1 = -0x1.6c072cp-10f;
  static final float COS_2 = 0x1.98994p-16f;

  /* pi/2 as an unevaluated sum. */
  static final float HALF_PI_0 = 0x1.921fb6p0f;
  static final float HALF_PI_1 = -0x1.777a5cp-25f;
  static final float HALF_PI_2 = -0x1.ee59dap-50f;

  /* ln 2 as an unevaluated sum. */
  static final float LN2_0 = 0x1.62e43p-1f;
  static final float LN2_1 = -0x1.05c61p-29f;

  static final float LOG2_E = 0x1.715476p0f;
  static final float TWO_OVER_PI = 0x1.45f306p-1f;
  /* Adding and subtracting this rounds to an integer, which stands in the low bits of the sum. */
  static final float ROUNDER = 0x1.8p23f;
}
