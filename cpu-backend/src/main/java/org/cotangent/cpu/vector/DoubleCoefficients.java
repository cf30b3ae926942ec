package org.cotangent.cpu.vector;

/**
 * Coefficients of the float64 kernels: near-minimax fits in 60-digit arithmetic (linear least squares at Chebyshev
 * nodes, reweighted by Lawson's rule; rational ones by the Sanathanan-Koerner iteration), each rounded to double.
 */
final class DoubleCoefficients {
  private DoubleCoefficients() {}

  /* e^r = 1 + r + r^2 (EXP_0 + EXP_1 r + ...) for |r| <= 0.352; error below 2^-61 relative to e^r - 1. */
  static final double EXP_0 = 0x1p-1;
  static final double EXP_1 = 0x1.5555555555559p-3;
  static final double EXP_2 = 0x1.555555555553ap-5;
  static final double EXP_3 = 0x1.111111110f35ap-7;
  static final double EXP_4 = 0x1.6c16c16c204e6p-10;
  static final double EXP_5 = 0x1.a01a01b15f11bp-13;
  static final double EXP_6 = 0x1.a01a017755965p-16;
  static final double EXP_7 = 0x1.71ddf44341bdp-19;
  static final double EXP_8 = 0x1.27e53bd398269p-22;
  static final double EXP_9 = 0x1.af665cc0aeeep-26;
  static final double EXP_10 = 0x1.1ee57c27ab2e3p-29;

  /* 2^r = 1 + r (EXP2_0 + EXP2_1 r + ...) for |r| <= 0.505; relative error below 2^-57. */
  static final double EXP2_0 = 0x1.62e42fefa39efp-1;
  static final double EXP2_1 = 0x1.ebfbdff82c5a7p-3;
  static final double EXP2_2 = 0x1.c6b08d7049fccp-5;
  static final double EXP2_3 = 0x1.3b2ab6fb9fa49p-7;
  static final double EXP2_4 = 0x1.5d87fe78d191fp-10;
  static final double EXP2_5 = 0x1.4309131049fa1p-13;
  static final double EXP2_6 = 0x1.ffcbfb9a73a4ep-17;
  static final double EXP2_7 = 0x1.62bfc3ce9ff2cp-20;
  static final double EXP2_8 = 0x1.b526929fc090ep-24;
  static final double EXP2_9 = 0x1.e6222bed0ff6p-28;
  static final double EXP2_10 = 0x1.e788a0a6a78e9p-32;

  /* log(1 + f) = 2 s + s^3 (LOG_0 + LOG_1 s^2 + ...), s = f / (2 + f), for sqrt(1/2) <= 1 + f <= sqrt(2); relative error below 2^-59. */
  static final double LOG_0 = 0x1.5555555555594p-1;
  static final double LOG_1 = 0x1.999999997f68fp-2;
  static final double LOG_2 = 0x1.249249425c362p-2;
  static final double LOG_3 = 0x1.c71c51ad8f0d6p-3;
  static final double LOG_4 = 0x1.746652b88e834p-3;
  static final double LOG_5 = 0x1.399fa2c0ece7cp-3;
  static final double LOG_6 = 0x1.2f1b6ef3c1696p-3;

  /* tanh(x) = x + x^3 P(x^2) / Q(x^2) for |x| <= 0.6, P from TANH_P_0, Q = 1 + TANH_Q_1 x^2 + ...; relative error below 2^-61. */
  static final double TANH_P_0 = -0x1.5555555555554p-2;
  static final double TANH_P_1 = -0x1.4fd700479349bp-6;
  static final double TANH_P_2 = -0x1.a1a2cc29bf37cp-13;

  /* See TANH_P_0. */
  static final double TANH_Q_1 = 0x1.d891e9a7052c1p-2;
  static final double TANH_Q_2 = 0x1.7d96aa994fc2ep-6;
  static final double TANH_Q_3 = 0x1.b10e92c624201p-13;

  /* erf(x) = x + x P(x^2) / Q(x^2) for |x| <= 1, P from ERF_P_0, Q = 1 + ERF_Q_1 x^2 + ...; relative error below 2^-60. */
  static final double ERF_P_0 = 0x1.06eba8214db69p-3;
  static final double ERF_P_1 = -0x1.449d3f78eaccap-2;
  static final double ERF_P_2 = -0x1.8bea66eb3b73fp-5;
  static final double ERF_P_3 = -0x1.20df4d38d7e18p-7;
  static final double ERF_P_4 = -0x1.03d867c2d9e38p-11;
  static final double ERF_P_5 = -0x1.5bd6023bc51b9p-16;

  /* See ERF_P_0. */
  static final double ERF_Q_1 = 0x1.d790bdb5a986p-2;
  static final double ERF_Q_2 = 0x1.8042450a26fbfp-4;
  static final double ERF_Q_3 = 0x1.5e6443fe957cap-7;
  static final double ERF_Q_4 = 0x1.6b11e2f42fa12p-11;
  static final double ERF_Q_5 = 0x1.5d23e19c47a86p-16;

  /* erf(x) = 1 - 2^-(P(x) / Q(x)) for 1 <= x <= 5.95, P from ERFC_P_0, Q = 1 + ERFC_Q_1 x + ...; relative error below 2^-58. */
  static final double ERFC_P_0 = 0x1.9f8ad1fdd508fp-24;
  static final double ERFC_P_1 = 0x1.a0be745ee415p0;
  static final double ERFC_P_2 = 0x1.76ccdd3aca98cp1;
  static final double ERFC_P_3 = 0x1.36c8be1e9992dp1;
  static final double ERFC_P_4 = 0x1.274a65947b457p0;
  static final double ERFC_P_5 = 0x1.49f752972e662p-2;
  static final double ERFC_P_6 = 0x1.8833fa7a6926fp-5;
  static final double ERFC_P_7 = 0x1.3e1132cf35b22p-9;

  /* See ERFC_P_0. */
  static final double ERFC_Q_1 = 0x1.3c09229f9cb69p0;
  static final double ERFC_Q_2 = 0x1.68675606791b3p-1;
  static final double ERFC_Q_3 = 0x1.ba36778bf620ep-3;
  static final double ERFC_Q_4 = 0x1.0f7d8bd52e5ep-5;
  static final double ERFC_Q_5 = 0x1.b90ce8f3126dfp-10;

  /* sin(r) = r + r^3 (SIN_0 + SIN_1 r^2 + ...) for |r| <= 0.82; relative error below 2^-56. */
  static final double SIN_0 = -0x1.555555555553ep-3;
  static final double SIN_1 = 0x1.111111110e7c1p-7;
  static final double SIN_2 = -0x1.a01a019a035e1p-13;
  static final double SIN_3 = 0x1.71de33b818d2fp-19;
  static final double SIN_4 = -0x1.ae5d0f1679108p-26;
  static final double SIN_5 = 0x1.5d31bdc0871c7p-33;

  /* cos(r) = 1 - r^2/2 + r^4 (COS_0 + COS_1 r^2 + ...) on the same interval; relative error below 2^-62. */
  static final double COS_0 = 0x1.5555555555542p-5;
  static final double COS_1 = -0x1.6c16c16c13d22p-10;
  static final double COS_2 = 0x1.a01a019ac4149p-16;
  static final double COS_3 = -0x1.27e4f6afcd0fep-22;
  static final double COS_4 = 0x1.1ee90782d740ap-29;
  static final double COS_5 = -0x1.8f3bcb65c2aa1p-37;

  /* pi/2 as an unevaluated sum. */
  static final double HALF_PI_0 = 0x1.921fb54442d18p0;
  static final double HALF_PI_1 = 0x1.1a62633145c07p-54;
  static final double HALF_PI_2 = -0x1.f1976b7ed8fbcp-110;

  /* ln 2 as an unevaluated sum. */
  static final double LN2_0 = 0x1.62e42fefa39efp-1;
  static final double LN2_1 = 0x1.abc9e3b39803fp-56;

  static final double LOG2_E = 0x1.71547652b82fep0;
  static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
  /* Adding and subtracting this rounds to an integer, which stands in the low bits of the sum. */
  static final double ROUNDER = 0x1.8p52;
}
