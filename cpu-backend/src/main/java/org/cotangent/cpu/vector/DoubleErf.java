package org.cotangent.cpu.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.cotangent.cpu.vector.DoubleCoefficients.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The hyperbolic tangent and the error function for float64; {@code n} is a multiple of the vector length.
 *
 * <p>Near 0 an odd rational function; elsewhere 1 minus a quantity that a power of two gives and that is small enough for its error to
 * vanish (Cephes for tanh; for erf as in Juffa's erff, -log2 of the complement as a rational function). Numerators and denominators are
 * chosen before the one division.
 */
final class DoubleErf {
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final long SIGN = 0x8000000000000000L;

  private DoubleErf() {}

  /** For |x| &ge; 0.6: 1 - 2 / (e^2|x| + 1). */
  static void tanh(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), twoLog2e = broadcast(D, 2 * LOG2_E), one = broadcast(D, 1.0), two = broadcast(D, -2.0);
    DoubleVector e0 = broadcast(D, EXP2_0), e1 = broadcast(D, EXP2_1), e2 = broadcast(D, EXP2_2), e3 = broadcast(D, EXP2_3);
    DoubleVector e4 = broadcast(D, EXP2_4), e5 = broadcast(D, EXP2_5), e6 = broadcast(D, EXP2_6), e7 = broadcast(D, EXP2_7);
    DoubleVector e8 = broadcast(D, EXP2_8), e9 = broadcast(D, EXP2_9), e10 = broadcast(D, EXP2_10);
    DoubleVector p0 = broadcast(D, TANH_P_0), p1 = broadcast(D, TANH_P_1), p2 = broadcast(D, TANH_P_2);
    DoubleVector q1 = broadcast(D, TANH_Q_1), q2 = broadcast(D, TANH_Q_2), q3 = broadcast(D, TANH_Q_3);
    DoubleVector edge = broadcast(D, 0.6), saturated = broadcast(D, 20.0);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i), a = v.abs(), m = a.blend(saturated, a.compare(GE, saturated));
      DoubleVector z = m.fma(twoLog2e, rounder);
      DoubleVector r = m.fma(twoLog2e, rounder.sub(z));
      DoubleVector h = e10.fma(r, e9).fma(r, e8).fma(r, e7).fma(r, e6).fma(r, e5).fma(r, e4);
      DoubleVector p = h.fma(r, e3).fma(r, e2).fma(r, e1).fma(r, e0).fma(r, one);
      DoubleVector e = z.reinterpretAsLongs().lanewise(LSHL, 52).add(p.reinterpretAsLongs()).reinterpretAsDoubles();
      DoubleVector s = a.mul(a);
      var large = a.compare(GE, edge);
      DoubleVector over = a.mul(s).mul(p2.fma(s, p1).fma(s, p0)).blend(two, large);
      DoubleVector under = q3.fma(s, q2).fma(s, q1).fma(s, one).blend(e.add(one), large);
      LongVector result = a.blend(one, large).add(over.div(under)).reinterpretAsLongs();
      result.or(v.reinterpretAsLongs().and(SIGN)).reinterpretAsDoubles().intoArray(y, yo + i);
    }
  }

  /** For |x| &ge; 1: 1 - 2^-(P/Q)(|x|). */
  static void erf(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), one = broadcast(D, 1.0), saturated = broadcast(D, 6.0);
    DoubleVector e0 = broadcast(D, EXP2_0), e1 = broadcast(D, EXP2_1), e2 = broadcast(D, EXP2_2), e3 = broadcast(D, EXP2_3);
    DoubleVector e4 = broadcast(D, EXP2_4), e5 = broadcast(D, EXP2_5), e6 = broadcast(D, EXP2_6), e7 = broadcast(D, EXP2_7);
    DoubleVector e8 = broadcast(D, EXP2_8), e9 = broadcast(D, EXP2_9), e10 = broadcast(D, EXP2_10);
    DoubleVector p0 = broadcast(D, ERF_P_0), p1 = broadcast(D, ERF_P_1), p2 = broadcast(D, ERF_P_2), p3 = broadcast(D, ERF_P_3);
    DoubleVector p4 = broadcast(D, ERF_P_4), p5 = broadcast(D, ERF_P_5), q1 = broadcast(D, ERF_Q_1), q2 = broadcast(D, ERF_Q_2);
    DoubleVector q3 = broadcast(D, ERF_Q_3), q4 = broadcast(D, ERF_Q_4), q5 = broadcast(D, ERF_Q_5);
    DoubleVector c0 = broadcast(D, -ERFC_P_0), c1 = broadcast(D, -ERFC_P_1), c2 = broadcast(D, -ERFC_P_2), c3 = broadcast(D, -ERFC_P_3);
    DoubleVector c4 = broadcast(D, -ERFC_P_4), c5 = broadcast(D, -ERFC_P_5), c6 = broadcast(D, -ERFC_P_6), c7 = broadcast(D, -ERFC_P_7);
    DoubleVector d1 = broadcast(D, ERFC_Q_1), d2 = broadcast(D, ERFC_Q_2), d3 = broadcast(D, ERFC_Q_3), d4 = broadcast(D, ERFC_Q_4);
    DoubleVector d5 = broadcast(D, ERFC_Q_5);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i), a = v.abs(), m = a.blend(saturated, a.compare(GE, saturated)), s = a.mul(a);
      var large = a.compare(GE, one);
      DoubleVector smallOver = p5.fma(s, p4).fma(s, p3).fma(s, p2).fma(s, p1).fma(s, p0);
      DoubleVector smallUnder = q5.fma(s, q4).fma(s, q3).fma(s, q2).fma(s, q1).fma(s, one);
      DoubleVector largeOver = c7.fma(m, c6).fma(m, c5).fma(m, c4).fma(m, c3).fma(m, c2).fma(m, c1).fma(m, c0);
      DoubleVector largeUnder = d5.fma(m, d4).fma(m, d3).fma(m, d2).fma(m, d1).fma(m, one);
      DoubleVector w = smallOver.blend(largeOver, large).div(smallUnder.blend(largeUnder, large));
      DoubleVector z = w.add(rounder);
      DoubleVector r = w.add(rounder.sub(z));
      DoubleVector h = e10.fma(r, e9).fma(r, e8).fma(r, e7).fma(r, e6).fma(r, e5).fma(r, e4);
      DoubleVector p = h.fma(r, e3).fma(r, e2).fma(r, e1).fma(r, e0).fma(r, one);
      DoubleVector e = z.reinterpretAsLongs().lanewise(LSHL, 52).add(p.reinterpretAsLongs()).reinterpretAsDoubles();
      LongVector result = a.fma(w, a).blend(one.sub(e), large).reinterpretAsLongs();
      result.or(v.reinterpretAsLongs().and(SIGN)).reinterpretAsDoubles().intoArray(y, yo + i);
    }
  }
}
