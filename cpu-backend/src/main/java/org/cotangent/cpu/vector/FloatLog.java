package org.cotangent.cpu.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.cotangent.cpu.vector.FloatCoefficients.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The logarithm and its relatives for float32; {@code n} is a multiple of the vector length.
 *
 * <p>x = 2^k m with m in [sqrt(1/2), sqrt(2)), taken from the bits; log x = k ln 2 + log(1 + f) with f = m - 1 exact, the parts added from
 * the smallest up (as in Moshier's Cephes library).
 */
final class FloatLog {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int SQRT_HALF_BITS = 0x3f3504f3;
  private static final int FRACTION = 0x7fffff;
  private static final int INFINITY_BITS = 0x7f800000;
  private static final int ONE_BITS = 0x3f800000;

  private FloatLog() {}

  static void log(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector one = broadcast(F, 1f), minusHalf = broadcast(F, -0.5f), l0 = broadcast(F, LN2_0), l1 = broadcast(F, LN2_1);
    FloatVector c0 = broadcast(F, LOG_0), c1 = broadcast(F, LOG_1), c2 = broadcast(F, LOG_2), c3 = broadcast(F, LOG_3);
    FloatVector c4 = broadcast(F, LOG_4), c5 = broadcast(F, LOG_5), c6 = broadcast(F, LOG_6), c7 = broadcast(F, LOG_7);
    FloatVector c8 = broadcast(F, LOG_8), normal = broadcast(F, Float.MIN_NORMAL), up = broadcast(F, 0x1p25f), upExponent = broadcast(F, 25f);
    FloatVector zero = broadcast(F, 0f), nan = broadcast(F, Float.NaN), minusInfinity = broadcast(F, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i);
      var subnormal = v.compare(LT, normal);
      IntVector bits = v.blend(v.mul(up), subnormal).reinterpretAsInts().sub(SQRT_HALF_BITS);
      FloatVector k = (FloatVector) bits.lanewise(ASHR, 23).convert(I2F, 0);
      k = k.blend(k.sub(upExponent), subnormal);
      FloatVector f = bits.and(FRACTION).add(SQRT_HALF_BITS).reinterpretAsFloats().sub(one);
      FloatVector s = f.mul(f);
      FloatVector p = c8.fma(f, c7).fma(f, c6).fma(f, c5).fma(f, c4).fma(f, c3).fma(f, c2).fma(f, c1).fma(f, c0);
      FloatVector tail = s.fma(minusHalf, s.mul(f).fma(p, k.mul(l1)));
      IntVector raw = v.reinterpretAsInts();
      k.fma(l0, f.add(tail)).blend(v, raw.compare(GE, INFINITY_BITS).cast(F)).blend(nan, raw.compare(LT, 0).cast(F))
          .blend(minusInfinity, v.compare(EQ, zero)).intoArray(y, yo + i);
    }
  }

  /** As log of u = 1 + x, with what that sum lost, scaled by 2^-k, added to f (Kahan; the sum's error by Knuth's two-sum). */
  static void log1p(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector one = broadcast(F, 1f), minusHalf = broadcast(F, -0.5f), l0 = broadcast(F, LN2_0), l1 = broadcast(F, LN2_1);
    FloatVector c0 = broadcast(F, LOG_0), c1 = broadcast(F, LOG_1), c2 = broadcast(F, LOG_2), c3 = broadcast(F, LOG_3);
    FloatVector c4 = broadcast(F, LOG_4), c5 = broadcast(F, LOG_5), c6 = broadcast(F, LOG_6), c7 = broadcast(F, LOG_7);
    FloatVector c8 = broadcast(F, LOG_8), minusOne = broadcast(F, -1f), nan = broadcast(F, Float.NaN);
    FloatVector minusInfinity = broadcast(F, Float.NEGATIVE_INFINITY), zero = broadcast(F, 0f);
    IntVector oneBits = IntVector.broadcast(IntVector.SPECIES_PREFERRED, ONE_BITS);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i);
      FloatVector u = v.add(one), w = u.sub(v);
      FloatVector lost = one.sub(w).add(v.sub(u.sub(w)));
      IntVector bits = u.reinterpretAsInts().sub(SQRT_HALF_BITS), kb = bits.lanewise(ASHR, 23);
      FloatVector k = (FloatVector) kb.convert(I2F, 0);
      FloatVector scale = oneBits.sub(kb.lanewise(LSHL, 23)).max(0).reinterpretAsFloats();
      FloatVector f = lost.fma(scale, bits.and(FRACTION).add(SQRT_HALF_BITS).reinterpretAsFloats().sub(one));
      FloatVector s = f.mul(f);
      FloatVector p = c8.fma(f, c7).fma(f, c6).fma(f, c5).fma(f, c4).fma(f, c3).fma(f, c2).fma(f, c1).fma(f, c0);
      FloatVector tail = s.fma(minusHalf, s.mul(f).fma(p, k.mul(l1)));
      k.fma(l0, f.add(tail)).blend(v, v.reinterpretAsInts().compare(GE, INFINITY_BITS).cast(F).or(v.compare(EQ, zero)))
          .blend(nan, v.compare(GE, minusOne).not()).blend(minusInfinity, v.compare(EQ, minusOne)).intoArray(y, yo + i);
    }
  }

  /** max(x, 0) + log(1 + e^-|x|), in two loops over pieces: as one loop it would be too long to be compiled well. */
  static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    float[] t = new float[Math.min(n, VectorElementwise.PIECE)];
    for (int b = 0; b < n; b += VectorElementwise.PIECE) {
      int m = Math.min(VectorElementwise.PIECE, n - b);
      FloatExp.expMinusAbs(x, xo + b, t, 0, m);
      softplusOfExp(t, x, xo + b, y, yo + b, m);
    }
  }

  /** log(1 + t) for t in [0, 1], plus max(x, 0); {@code y} may be {@code x}. */
  private static void softplusOfExp(float[] t, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector half = broadcast(F, 0.5f), minusHalf = broadcast(F, -0.5f), ln2 = broadcast(F, LN2_0);
    FloatVector c0 = broadcast(F, LOG_0), c1 = broadcast(F, LOG_1), c2 = broadcast(F, LOG_2), c3 = broadcast(F, LOG_3);
    FloatVector c4 = broadcast(F, LOG_4), c5 = broadcast(F, LOG_5), c6 = broadcast(F, LOG_6), c7 = broadcast(F, LOG_7);
    FloatVector c8 = broadcast(F, LOG_8), zero = broadcast(F, 0f), edge = broadcast(F, 0.41421354f);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i), e = fromArray(F, t, i);
      var large = e.compare(GT, edge);
      FloatVector f = e.blend(e.fma(half, minusHalf), large), k = zero.blend(ln2, large);
      FloatVector s = f.mul(f);
      FloatVector p = c8.fma(f, c7).fma(f, c6).fma(f, c5).fma(f, c4).fma(f, c3).fma(f, c2).fma(f, c1).fma(f, c0);
      FloatVector log = f.add(s.fma(minusHalf, s.mul(f).mul(p))).add(k);
      log.add(zero.blend(v, v.compare(GT, zero))).intoArray(y, yo + i);
    }
  }
}
