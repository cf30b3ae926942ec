package org.cotangent.cpu.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.cotangent.cpu.vector.FloatCoefficients.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The hyperbolic tangent and the error function for float32; {@code n} is a multiple of the vector length.
 *
 * <p>Near 0 an odd polynomial; elsewhere 1 minus a quantity that a power of two gives and that is small enough for its error to vanish
 * (Cephes for tanh; for erf as in Juffa's erff, -log2 of the complement as a polynomial). Both are computed for every lane and one is kept.
 */
final class FloatErf {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int SIGN = 0x80000000;

  private FloatErf() {}

  /** For |x| &ge; 0.6: 1 - 2 / (e^2|x| + 1). */
  static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), twoLog2e = broadcast(F, 2 * LOG2_E), one = broadcast(F, 1f), two = broadcast(F, 2f);
    FloatVector e0 = broadcast(F, EXP2_0), e1 = broadcast(F, EXP2_1), e2 = broadcast(F, EXP2_2), e3 = broadcast(F, EXP2_3);
    FloatVector e4 = broadcast(F, EXP2_4), e5 = broadcast(F, EXP2_5), edge = broadcast(F, 0.6f);
    FloatVector c0 = broadcast(F, TANH_0), c1 = broadcast(F, TANH_1), c2 = broadcast(F, TANH_2), c3 = broadcast(F, TANH_3);
    FloatVector c4 = broadcast(F, TANH_4);
    int saturated = Float.floatToRawIntBits(10f);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i);
      FloatVector a = v.abs(), m = a.reinterpretAsInts().min(saturated).reinterpretAsFloats();
      FloatVector z = m.fma(twoLog2e, rounder);
      FloatVector r = m.fma(twoLog2e, rounder.sub(z));
      FloatVector p = e5.fma(r, e4).fma(r, e3).fma(r, e2).fma(r, e1).fma(r, e0).fma(r, one);
      FloatVector e = z.reinterpretAsInts().lanewise(LSHL, 23).add(p.reinterpretAsInts()).reinterpretAsFloats();
      FloatVector large = one.sub(two.div(e.add(one)));
      FloatVector s = a.mul(a);
      FloatVector small = a.mul(s).fma(c4.fma(s, c3).fma(s, c2).fma(s, c1).fma(s, c0), a);
      IntVector result = small.blend(large, a.compare(GE, edge)).reinterpretAsInts();
      result.or(v.reinterpretAsInts().and(SIGN)).reinterpretAsFloats().intoArray(y, yo + i);
    }
  }

  /** For |x| &ge; 0.9: 1 - 2^-P(|x|). */
  static void erf(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), one = broadcast(F, 1f), edge = broadcast(F, 0.9f);
    FloatVector e0 = broadcast(F, EXP2_0), e1 = broadcast(F, EXP2_1), e2 = broadcast(F, EXP2_2), e3 = broadcast(F, EXP2_3);
    FloatVector e4 = broadcast(F, EXP2_4), e5 = broadcast(F, EXP2_5);
    FloatVector c0 = broadcast(F, ERF_0), c1 = broadcast(F, ERF_1), c2 = broadcast(F, ERF_2), c3 = broadcast(F, ERF_3);
    FloatVector c4 = broadcast(F, ERF_4), c5 = broadcast(F, ERF_5), c6 = broadcast(F, ERF_6);
    FloatVector d0 = broadcast(F, -ERFC_0), d1 = broadcast(F, -ERFC_1), d2 = broadcast(F, -ERFC_2), d3 = broadcast(F, -ERFC_3);
    FloatVector d4 = broadcast(F, -ERFC_4), d5 = broadcast(F, -ERFC_5), d6 = broadcast(F, -ERFC_6);
    int saturated = Float.floatToRawIntBits(4f);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i);
      FloatVector a = v.abs(), m = a.reinterpretAsInts().min(saturated).reinterpretAsFloats();
      FloatVector w = d6.fma(m, d5).fma(m, d4).fma(m, d3).fma(m, d2).fma(m, d1).fma(m, d0);
      FloatVector z = w.add(rounder);
      FloatVector r = w.add(rounder.sub(z));
      FloatVector p = e5.fma(r, e4).fma(r, e3).fma(r, e2).fma(r, e1).fma(r, e0).fma(r, one);
      FloatVector large = one.sub(z.reinterpretAsInts().lanewise(LSHL, 23).add(p.reinterpretAsInts()).reinterpretAsFloats());
      FloatVector s = a.mul(a);
      FloatVector small = a.fma(c6.fma(s, c5).fma(s, c4).fma(s, c3).fma(s, c2).fma(s, c1).fma(s, c0), a);
      IntVector result = small.blend(large, a.compare(GE, edge)).reinterpretAsInts();
      result.or(v.reinterpretAsInts().and(SIGN)).reinterpretAsFloats().intoArray(y, yo + i);
    }
  }
}
