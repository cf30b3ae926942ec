package org.cotangent.cpu.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.cotangent.cpu.vector.DoubleCoefficients.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential and its relatives for float64; {@code n} is a multiple of the vector length.
 *
 * <p>e^x = 2^k e^r with k = round(x log2 e) and r = x - k ln 2 in two steps (Cody and Waite, Software Manual for the Elementary Functions,
 * 1980). 2^k is applied in two halves, so that the one rounding to a subnormal is the last operation.
 *
 * <p>Each loop is written out in full: a shared helper would be inlined or not depending on what was compiled before it, and a call that is
 * not inlined boxes every vector.
 */
final class DoubleExp {
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final long ONE_BITS = 0x3ff0000000000000L;

  private DoubleExp() {}

  static void exp(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), log2e = broadcast(D, LOG2_E), half = broadcast(D, 0.5), one = broadcast(D, 1.0);
    DoubleVector l0 = broadcast(D, -LN2_0), l1 = broadcast(D, -LN2_1), max = broadcast(D, 710.0), min = broadcast(D, -746.0);
    DoubleVector c0 = broadcast(D, EXP_0), c1 = broadcast(D, EXP_1), c2 = broadcast(D, EXP_2), c3 = broadcast(D, EXP_3);
    DoubleVector c4 = broadcast(D, EXP_4), c5 = broadcast(D, EXP_5), c6 = broadcast(D, EXP_6), c7 = broadcast(D, EXP_7);
    DoubleVector c8 = broadcast(D, EXP_8), c9 = broadcast(D, EXP_9), c10 = broadcast(D, EXP_10);
    DoubleVector infinity = broadcast(D, Double.POSITIVE_INFINITY), zero = broadcast(D, 0.0);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i);
      DoubleVector z = v.fma(log2e, rounder);
      DoubleVector k = z.sub(rounder);
      DoubleVector r = k.fma(l1, k.fma(l0, v));
      DoubleVector h = c10.fma(r, c9).fma(r, c8).fma(r, c7).fma(r, c6).fma(r, c5).fma(r, c4);
      DoubleVector p = h.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0).fma(r, one).fma(r, one);
      LongVector kb = z.reinterpretAsLongs(), hb = k.fma(half, rounder).reinterpretAsLongs();
      DoubleVector a = p.mul(hb.lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles());
      DoubleVector b = kb.sub(hb).lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles();
      a.mul(b).blend(infinity, v.compare(GT, max)).blend(zero, v.compare(LT, min)).intoArray(y, yo + i);
    }
  }

  /** As exp, with 2^k p + (2^k - 1) for p = e^r - 1; the powers of two are halved so that 2^1024 does not overflow. */
  static void expm1(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), log2e = broadcast(D, LOG2_E), half = broadcast(D, 0.5);
    DoubleVector l0 = broadcast(D, -LN2_0), l1 = broadcast(D, -LN2_1), max = broadcast(D, 710.0), min = broadcast(D, -45.0);
    DoubleVector c0 = broadcast(D, EXP_0), c1 = broadcast(D, EXP_1), c2 = broadcast(D, EXP_2), c3 = broadcast(D, EXP_3);
    DoubleVector c4 = broadcast(D, EXP_4), c5 = broadcast(D, EXP_5), c6 = broadcast(D, EXP_6), c7 = broadcast(D, EXP_7);
    DoubleVector c8 = broadcast(D, EXP_8), c9 = broadcast(D, EXP_9), c10 = broadcast(D, EXP_10);
    DoubleVector infinity = broadcast(D, Double.POSITIVE_INFINITY), minusOne = broadcast(D, -1.0), tiny = broadcast(D, 0x1p-54);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i);
      DoubleVector z = v.fma(log2e, rounder);
      DoubleVector k = z.sub(rounder);
      DoubleVector r = k.fma(l1, k.fma(l0, v));
      DoubleVector h = c10.fma(r, c9).fma(r, c8).fma(r, c7).fma(r, c6).fma(r, c5).fma(r, c4);
      DoubleVector q = h.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0);
      DoubleVector p = r.mul(r).fma(q, r);
      DoubleVector s = z.reinterpretAsLongs().lanewise(LSHL, 52).add(ONE_BITS - (1L << 52)).reinterpretAsDoubles();
      DoubleVector e = s.fma(p, s.sub(half));
      e.add(e).blend(infinity, v.compare(GT, max)).blend(minusOne, v.compare(LT, min)).blend(v, v.abs().compare(LT, tiny))
          .intoArray(y, yo + i);
    }
  }

  /** e^-|x|, which cannot overflow. */
  static void expMinusAbs(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), log2e = broadcast(D, LOG2_E), half = broadcast(D, 0.5), one = broadcast(D, 1.0);
    DoubleVector l0 = broadcast(D, -LN2_0), l1 = broadcast(D, -LN2_1), min = broadcast(D, -746.0), zero = broadcast(D, 0.0);
    DoubleVector c0 = broadcast(D, EXP_0), c1 = broadcast(D, EXP_1), c2 = broadcast(D, EXP_2), c3 = broadcast(D, EXP_3);
    DoubleVector c4 = broadcast(D, EXP_4), c5 = broadcast(D, EXP_5), c6 = broadcast(D, EXP_6), c7 = broadcast(D, EXP_7);
    DoubleVector c8 = broadcast(D, EXP_8), c9 = broadcast(D, EXP_9), c10 = broadcast(D, EXP_10);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector a = fromArray(D, x, xo + i).abs().neg();
      DoubleVector z = a.fma(log2e, rounder);
      DoubleVector k = z.sub(rounder);
      DoubleVector r = k.fma(l1, k.fma(l0, a));
      DoubleVector h = c10.fma(r, c9).fma(r, c8).fma(r, c7).fma(r, c6).fma(r, c5).fma(r, c4);
      DoubleVector p = h.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0).fma(r, one).fma(r, one);
      LongVector kb = z.reinterpretAsLongs(), hb = k.fma(half, rounder).reinterpretAsLongs();
      DoubleVector s = p.mul(hb.lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles());
      s.mul(kb.sub(hb).lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles()).blend(zero, a.compare(LT, min)).intoArray(y, yo + i);
    }
  }

  /**
   * For t = e^-|x|: 1 / (1 + t) where x is positive, t / (1 + t) elsewhere; nothing overflows. One step of correction makes up for the
   * rounding of the sum and the quotient.
   */
  static void sigmoid(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), log2e = broadcast(D, LOG2_E), half = broadcast(D, 0.5), one = broadcast(D, 1.0);
    DoubleVector l0 = broadcast(D, -LN2_0), l1 = broadcast(D, -LN2_1), min = broadcast(D, -746.0), zero = broadcast(D, 0.0);
    DoubleVector c0 = broadcast(D, EXP_0), c1 = broadcast(D, EXP_1), c2 = broadcast(D, EXP_2), c3 = broadcast(D, EXP_3);
    DoubleVector c4 = broadcast(D, EXP_4), c5 = broadcast(D, EXP_5), c6 = broadcast(D, EXP_6), c7 = broadcast(D, EXP_7);
    DoubleVector c8 = broadcast(D, EXP_8), c9 = broadcast(D, EXP_9), c10 = broadcast(D, EXP_10);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i);
      DoubleVector a = v.abs().neg();
      DoubleVector z = a.fma(log2e, rounder);
      DoubleVector k = z.sub(rounder);
      DoubleVector r = k.fma(l1, k.fma(l0, a));
      DoubleVector h = c10.fma(r, c9).fma(r, c8).fma(r, c7).fma(r, c6).fma(r, c5).fma(r, c4);
      DoubleVector p = h.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0).fma(r, one).fma(r, one);
      LongVector kb = z.reinterpretAsLongs(), hb = k.fma(half, rounder).reinterpretAsLongs();
      DoubleVector s = p.mul(hb.lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles());
      DoubleVector t = s.mul(kb.sub(hb).lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles()).blend(zero, a.compare(LT, min));
      DoubleVector u = t.add(one), lost = one.sub(u).add(t), over = one.blend(t, v.compare(LT, zero));
      DoubleVector inverse = one.div(u), m = over.mul(inverse).neg();
      m.fma(lost, m.fma(u, over)).fma(inverse, m.neg()).intoArray(y, yo + i);
    }
  }
}
