package org.cotangent.cpu.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.cotangent.cpu.vector.FloatCoefficients.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential and its relatives for float32; {@code n} is a multiple of the vector length.
 *
 * <p>e^x = 2^k e^r with k = round(x log2 e) and r = x - k ln 2 in two steps (Cody and Waite, Software Manual for the Elementary Functions,
 * 1980). 2^k is added to the exponent where the result is a normal number in every lane, and else applied in two halves, so that the one
 * rounding to a subnormal is the last operation.
 *
 * <p>Each loop is written out in full: a shared helper would be inlined or not depending on what was compiled before it, and a call that is
 * not inlined boxes every vector.
 */
final class FloatExp {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int SIGN = 0x80000000;
  private static final int ONE_BITS = 0x3f800000;
  /** Of 2^32. */
  private static final int UP_BITS = ONE_BITS + (32 << 23);

  private FloatExp() {}

  static void exp(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), log2e = broadcast(F, LOG2_E), half = broadcast(F, 0.5f), one = broadcast(F, 1f);
    FloatVector l0 = broadcast(F, -LN2_0), l1 = broadcast(F, -LN2_1), max = broadcast(F, 89f), min = broadcast(F, -104f);
    FloatVector c0 = broadcast(F, EXP_0), c1 = broadcast(F, EXP_1), c2 = broadcast(F, EXP_2), c3 = broadcast(F, EXP_3);
    FloatVector c4 = broadcast(F, EXP_4);
    FloatVector infinity = broadcast(F, Float.POSITIVE_INFINITY), zero = broadcast(F, 0f), plain = broadcast(F, PLAIN_EXP);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i);
      FloatVector z = v.fma(log2e, rounder);
      FloatVector k = z.sub(rounder);
      FloatVector r = k.fma(l1, k.fma(l0, v));
      FloatVector p = c4.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0).fma(r, one).fma(r, one);
      IntVector kb = z.reinterpretAsInts();
      if (v.abs().compare(LE, plain).allTrue()) {
        p.reinterpretAsInts().add(kb.lanewise(LSHL, 23)).reinterpretAsFloats().intoArray(y, yo + i);
        continue;
      }
      IntVector hb = k.fma(half, rounder).reinterpretAsInts();
      FloatVector a = p.mul(hb.lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats());
      FloatVector b = kb.sub(hb).lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      a.mul(b).blend(infinity, v.compare(GT, max)).blend(zero, v.compare(LT, min)).intoArray(y, yo + i);
    }
  }

  /** As exp, with 2^k p + (2^k - 1) for p = e^r - 1; the powers of two are halved so that 2^128 does not overflow. */
  static void expm1(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), log2e = broadcast(F, LOG2_E), half = broadcast(F, 0.5f);
    FloatVector l0 = broadcast(F, -LN2_0), l1 = broadcast(F, -LN2_1), max = broadcast(F, 89f), min = broadcast(F, -20f);
    FloatVector c0 = broadcast(F, EXPM1_0), c1 = broadcast(F, EXPM1_1), c2 = broadcast(F, EXPM1_2), c3 = broadcast(F, EXPM1_3);
    FloatVector c4 = broadcast(F, EXPM1_4), c5 = broadcast(F, EXPM1_5);
    FloatVector infinity = broadcast(F, Float.POSITIVE_INFINITY), minusOne = broadcast(F, -1f), tiny = broadcast(F, 0x1p-25f);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i);
      FloatVector z = v.fma(log2e, rounder);
      FloatVector k = z.sub(rounder);
      FloatVector r = k.fma(l1, k.fma(l0, v));
      FloatVector q = c5.fma(r, c4).fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0);
      FloatVector p = r.mul(r).fma(q, r);
      FloatVector s = z.reinterpretAsInts().lanewise(LSHL, 23).add(ONE_BITS - (1 << 23)).reinterpretAsFloats();
      FloatVector e = s.fma(p, s.sub(half));
      e.add(e).blend(infinity, v.compare(GT, max)).blend(minusOne, v.compare(LT, min)).blend(v, v.abs().compare(LT, tiny))
          .intoArray(y, yo + i);
    }
  }

  /** e^-|x|, which cannot overflow: 2^(k + 32) is exact, and 2^-32 the last operation. */
  static void expMinusAbs(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), log2e = broadcast(F, LOG2_E), down = broadcast(F, 0x1p-32f), one = broadcast(F, 1f);
    FloatVector l0 = broadcast(F, -LN2_0), l1 = broadcast(F, -LN2_1), min = broadcast(F, -104f), zero = broadcast(F, 0f);
    FloatVector c0 = broadcast(F, EXP_0), c1 = broadcast(F, EXP_1), c2 = broadcast(F, EXP_2), c3 = broadcast(F, EXP_3);
    FloatVector c4 = broadcast(F, EXP_4);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector a = fromArray(F, x, xo + i).abs().neg();
      FloatVector z = a.fma(log2e, rounder);
      FloatVector k = z.sub(rounder);
      FloatVector r = k.fma(l1, k.fma(l0, a));
      FloatVector p = c4.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0).fma(r, one).fma(r, one);
      FloatVector s = p.mul(z.reinterpretAsInts().lanewise(LSHL, 23).add(UP_BITS).reinterpretAsFloats());
      s.mul(down).blend(zero, a.compare(LT, min)).intoArray(y, yo + i);
    }
  }

  /** For t = e^-|x|: 1 / (1 + t) where x is positive, t / (1 + t) elsewhere; nothing overflows. One step makes up for the rounding of the sum. */
  static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), log2e = broadcast(F, LOG2_E), down = broadcast(F, 0x1p-32f), one = broadcast(F, 1f);
    FloatVector l0 = broadcast(F, -LN2_0), l1 = broadcast(F, -LN2_1), plain = broadcast(F, -PLAIN_EXP), min = broadcast(F, -104f), zero = broadcast(F, 0f);
    FloatVector c0 = broadcast(F, EXP_0), c1 = broadcast(F, EXP_1), c2 = broadcast(F, EXP_2), c3 = broadcast(F, EXP_3);
    FloatVector c4 = broadcast(F, EXP_4);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i);
      FloatVector a = v.reinterpretAsInts().or(SIGN).reinterpretAsFloats();
      FloatVector z = a.fma(log2e, rounder);
      FloatVector k = z.sub(rounder);
      FloatVector r = k.fma(l1, k.fma(l0, a));
      FloatVector p = c4.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0).fma(r, one).fma(r, one);
      IntVector e = z.reinterpretAsInts().lanewise(LSHL, 23);
      FloatVector t = a.compare(GE, plain).allTrue()
          ? e.add(p.reinterpretAsInts()).reinterpretAsFloats()
          : p.mul(e.add(UP_BITS).reinterpretAsFloats()).mul(down).blend(zero, a.compare(LT, min));
      FloatVector u = t.add(one), lost = u.sub(one).sub(t), q = one.blend(t, v.compare(LT, zero)).div(u);
      lost.fma(q, q).intoArray(y, yo + i);
    }
  }
}
