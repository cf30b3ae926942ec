package org.cotangent.cpu.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.cotangent.cpu.vector.DoubleCoefficients.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The logarithm and its relatives for float64; {@code n} is a multiple of the vector length.
 *
 * <p>x = 2^k m with m in [sqrt(1/2), sqrt(2)), taken from the bits; log x = k ln 2 + log(1 + f) with f = m - 1 exact. With s = f / (2 + f),
 * log(1 + f) = 2 s + s^3 R(s^2) is summed as f - (f^2/2 - s (f^2/2 + s^2 R)), whose first term is exact (Sun's fdlibm, e_log.c).
 *
 * <p>The exponent is converted by adding it, 1023 too large, to the bits of 1.5 * 2^52: unlike a conversion of longs this is one
 * instruction on every processor.
 */
final class DoubleLog {
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
  private static final long ONE_BITS = 0x3ff0000000000000L;
  private static final long FRACTION = 0xfffffffffffffL;
  private static final long INFINITY_BITS = 0x7ff0000000000000L;
  private static final long ROUNDER_BITS = 0x4338000000000000L;
  private static final double BIASED_ROUNDER = ROUNDER + 1023;

  private DoubleLog() {}

  static void log(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector one = broadcast(D, 1.0), two = broadcast(D, 2.0), half = broadcast(D, 0.5), l0 = broadcast(D, LN2_0);
    DoubleVector l1 = broadcast(D, LN2_1), biased = broadcast(D, BIASED_ROUNDER);
    DoubleVector c0 = broadcast(D, LOG_0), c1 = broadcast(D, LOG_1), c2 = broadcast(D, LOG_2), c3 = broadcast(D, LOG_3);
    DoubleVector c4 = broadcast(D, LOG_4), c5 = broadcast(D, LOG_5), c6 = broadcast(D, LOG_6);
    DoubleVector normal = broadcast(D, Double.MIN_NORMAL), up = broadcast(D, 0x1p54), upExponent = broadcast(D, 54.0);
    DoubleVector zero = broadcast(D, 0.0), nan = broadcast(D, Double.NaN), minusInfinity = broadcast(D, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i);
      var subnormal = v.compare(LT, normal);
      LongVector bits = v.blend(v.mul(up), subnormal).reinterpretAsLongs().add(ONE_BITS - SQRT_HALF_BITS);
      DoubleVector k = bits.lanewise(LSHR, 52).add(ROUNDER_BITS).reinterpretAsDoubles().sub(biased);
      k = k.blend(k.sub(upExponent), subnormal);
      DoubleVector f = bits.and(FRACTION).add(SQRT_HALF_BITS).reinterpretAsDoubles().sub(one);
      DoubleVector s = f.div(f.add(two)), w = s.mul(s), q = f.mul(f).mul(half);
      DoubleVector p = c6.fma(w, c5).fma(w, c4).fma(w, c3).fma(w, c2).fma(w, c1).fma(w, c0);
      DoubleVector tail = s.fma(w.fma(p, q), k.mul(l1)).sub(q);
      LongVector raw = v.reinterpretAsLongs();
      k.fma(l0, f.add(tail)).blend(v, raw.compare(GE, INFINITY_BITS).cast(D)).blend(nan, raw.compare(LT, 0).cast(D))
          .blend(minusInfinity, v.compare(EQ, zero)).intoArray(y, yo + i);
    }
  }

  /** As log of u = 1 + x, with what that sum lost, scaled by 2^-k, added to f (Kahan; the sum's error by Knuth's two-sum). */
  static void log1p(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector one = broadcast(D, 1.0), two = broadcast(D, 2.0), half = broadcast(D, 0.5), l0 = broadcast(D, LN2_0);
    DoubleVector l1 = broadcast(D, LN2_1), biased = broadcast(D, BIASED_ROUNDER), minusOne = broadcast(D, -1.0);
    DoubleVector c0 = broadcast(D, LOG_0), c1 = broadcast(D, LOG_1), c2 = broadcast(D, LOG_2), c3 = broadcast(D, LOG_3);
    DoubleVector c4 = broadcast(D, LOG_4), c5 = broadcast(D, LOG_5), c6 = broadcast(D, LOG_6);
    DoubleVector zero = broadcast(D, 0.0), nan = broadcast(D, Double.NaN), minusInfinity = broadcast(D, Double.NEGATIVE_INFINITY);
    LongVector twoBias = LongVector.broadcast(LongVector.SPECIES_PREFERRED, 2 * 1023);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i);
      DoubleVector u = v.add(one), b = u.sub(v);
      DoubleVector lost = one.sub(b).add(v.sub(u.sub(b)));
      LongVector bits = u.reinterpretAsLongs().add(ONE_BITS - SQRT_HALF_BITS), kb = bits.lanewise(LSHR, 52);
      DoubleVector k = kb.add(ROUNDER_BITS).reinterpretAsDoubles().sub(biased);
      DoubleVector scale = twoBias.sub(kb).max(0).lanewise(LSHL, 52).reinterpretAsDoubles();
      DoubleVector f = lost.fma(scale, bits.and(FRACTION).add(SQRT_HALF_BITS).reinterpretAsDoubles().sub(one));
      DoubleVector s = f.div(f.add(two)), w = s.mul(s), q = f.mul(f).mul(half);
      DoubleVector p = c6.fma(w, c5).fma(w, c4).fma(w, c3).fma(w, c2).fma(w, c1).fma(w, c0);
      DoubleVector tail = s.fma(w.fma(p, q), k.mul(l1)).sub(q);
      k.fma(l0, f.add(tail)).blend(v, v.reinterpretAsLongs().compare(GE, INFINITY_BITS).cast(D).or(v.compare(EQ, zero)))
          .blend(nan, v.compare(GE, minusOne).not()).blend(minusInfinity, v.compare(EQ, minusOne)).intoArray(y, yo + i);
    }
  }

  /** max(x, 0) + log(1 + e^-|x|), in two loops over pieces: as one loop it would be too long to be compiled well. */
  static void softplus(double[] x, int xo, double[] y, int yo, int n) {
    double[] t = new double[Math.min(n, VectorElementwise.PIECE)];
    for (int b = 0; b < n; b += VectorElementwise.PIECE) {
      int m = Math.min(VectorElementwise.PIECE, n - b);
      DoubleExp.expMinusAbs(x, xo + b, t, 0, m);
      softplusOfExp(t, x, xo + b, y, yo + b, m);
    }
  }

  /** log(1 + t) for t in [0, 1], plus max(x, 0); {@code y} may be {@code x}. */
  private static void softplusOfExp(double[] t, double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector half = broadcast(D, 0.5), minusHalf = broadcast(D, -0.5), ln2 = broadcast(D, LN2_0), two = broadcast(D, 2.0);
    DoubleVector c0 = broadcast(D, LOG_0), c1 = broadcast(D, LOG_1), c2 = broadcast(D, LOG_2), c3 = broadcast(D, LOG_3);
    DoubleVector c4 = broadcast(D, LOG_4), c5 = broadcast(D, LOG_5), c6 = broadcast(D, LOG_6), zero = broadcast(D, 0.0);
    DoubleVector edge = broadcast(D, 0.4142135623730950);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i), e = fromArray(D, t, i);
      var large = e.compare(GT, edge);
      DoubleVector f = e.blend(e.fma(half, minusHalf), large), k = zero.blend(ln2, large);
      DoubleVector s = f.div(f.add(two)), w = s.mul(s), q = f.mul(f).mul(half);
      DoubleVector p = c6.fma(w, c5).fma(w, c4).fma(w, c3).fma(w, c2).fma(w, c1).fma(w, c0);
      DoubleVector log = f.add(s.mul(w.fma(p, q)).sub(q)).add(k);
      log.add(zero.blend(v, v.compare(GT, zero))).intoArray(y, yo + i);
    }
  }
}
