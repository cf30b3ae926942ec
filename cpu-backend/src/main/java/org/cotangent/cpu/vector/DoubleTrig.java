package org.cotangent.cpu.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.cotangent.cpu.vector.DoubleCoefficients.*;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sine and cosine for float64; {@code n} is a multiple of the vector length.
 *
 * <p>x = k pi/2 + r + d with pi/2 in three parts (Cody and Waite). With fused multiply-add the first subtraction is exact; the second one's
 * error is found by Knuth's two-sum and goes to d with the third part, so that cancellation costs nothing. Then sin or cos of r by the
 * parity of k, with d as a correction of first order. Larger arguments, rare in practice, are left to StrictMath, whose reduction (Payne
 * and Hanek) has no limit.
 */
final class DoubleTrig {
  /** The largest argument that these loops reduce. */
  static final double LIMIT = 0x1p24;

  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final long SIGN = 0x8000000000000000L;

  private DoubleTrig() {}

  static void sin(double[] x, int xo, double[] y, int yo, int n) {
    for (int b = 0; b < n; b += VectorElementwise.PIECE) {
      int m = Math.min(VectorElementwise.PIECE, n - b);
      if (anyBeyond(x, xo + b, m)) {
        double[] copy = Arrays.copyOfRange(x, xo + b, xo + b + m);
        sinLoop(copy, 0, y, yo + b, m);
        for (int i = 0; i < m; i++) if (!(Math.abs(copy[i]) <= LIMIT)) y[yo + b + i] = StrictMath.sin(copy[i]);
      } else {
        sinLoop(x, xo + b, y, yo + b, m);
      }
    }
  }

  static void cos(double[] x, int xo, double[] y, int yo, int n) {
    for (int b = 0; b < n; b += VectorElementwise.PIECE) {
      int m = Math.min(VectorElementwise.PIECE, n - b);
      if (anyBeyond(x, xo + b, m)) {
        double[] copy = Arrays.copyOfRange(x, xo + b, xo + b + m);
        cosLoop(copy, 0, y, yo + b, m);
        for (int i = 0; i < m; i++) if (!(Math.abs(copy[i]) <= LIMIT)) y[yo + b + i] = StrictMath.cos(copy[i]);
      } else {
        cosLoop(x, xo + b, y, yo + b, m);
      }
    }
  }

  /** Whether an element is beyond {@link #LIMIT}, infinite or NaN. */
  private static boolean anyBeyond(double[] x, int xo, int n) {
    LongVector largest = LongVector.zero(LongVector.SPECIES_PREFERRED);
    for (int i = 0; i < n; i += D.length()) largest = largest.max(fromArray(D, x, xo + i).reinterpretAsLongs().and(~SIGN));
    return largest.reduceLanes(MAX) > Double.doubleToRawLongBits(LIMIT);
  }

  private static void sinLoop(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), twoOverPi = broadcast(D, TWO_OVER_PI), one = broadcast(D, 1.0);
    DoubleVector h0 = broadcast(D, -HALF_PI_0), h1 = broadcast(D, -HALF_PI_1), h2 = broadcast(D, -HALF_PI_2), minusHalf = broadcast(D, -0.5);
    DoubleVector s0 = broadcast(D, SIN_0), s1 = broadcast(D, SIN_1), s2 = broadcast(D, SIN_2), s3 = broadcast(D, SIN_3);
    DoubleVector s4 = broadcast(D, SIN_4), s5 = broadcast(D, SIN_5);
    DoubleVector c0 = broadcast(D, COS_0), c1 = broadcast(D, COS_1), c2 = broadcast(D, COS_2), c3 = broadcast(D, COS_3);
    DoubleVector c4 = broadcast(D, COS_4), c5 = broadcast(D, COS_5);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector v = fromArray(D, x, xo + i), a = v.abs();
      DoubleVector z = a.fma(twoOverPi, rounder), k = z.sub(rounder);
      DoubleVector t = k.fma(h0, a), m = k.mul(h1), r = t.add(m), w = r.sub(t);
      DoubleVector d = k.fma(h2, t.sub(r.sub(w)).add(m.sub(w)).add(k.fma(h1, m.neg())));
      DoubleVector s = r.mul(r);
      DoubleVector p = s5.fma(s, s4).fma(s, s3).fma(s, s2).fma(s, s1).fma(s, s0);
      DoubleVector sin = r.mul(s).fma(p, d).add(r);
      DoubleVector u = c5.fma(s, c4).fma(s, c3).fma(s, c2).fma(s, c1).fma(s, c0);
      DoubleVector cos = s.fma(minusHalf, s.mul(s).fma(u, r.mul(d).neg())).add(one);
      LongVector q = z.reinterpretAsLongs();
      LongVector sign = q.lanewise(LSHL, 62).lanewise(XOR, v.reinterpretAsLongs()).and(SIGN);
      LongVector result = sin.blend(cos, q.and(1).compare(NE, 0).cast(D)).reinterpretAsLongs();
      result.lanewise(XOR, sign).reinterpretAsDoubles().intoArray(y, yo + i);
    }
  }

  private static void cosLoop(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector rounder = broadcast(D, ROUNDER), twoOverPi = broadcast(D, TWO_OVER_PI), one = broadcast(D, 1.0);
    DoubleVector h0 = broadcast(D, -HALF_PI_0), h1 = broadcast(D, -HALF_PI_1), h2 = broadcast(D, -HALF_PI_2), minusHalf = broadcast(D, -0.5);
    DoubleVector s0 = broadcast(D, SIN_0), s1 = broadcast(D, SIN_1), s2 = broadcast(D, SIN_2), s3 = broadcast(D, SIN_3);
    DoubleVector s4 = broadcast(D, SIN_4), s5 = broadcast(D, SIN_5);
    DoubleVector c0 = broadcast(D, COS_0), c1 = broadcast(D, COS_1), c2 = broadcast(D, COS_2), c3 = broadcast(D, COS_3);
    DoubleVector c4 = broadcast(D, COS_4), c5 = broadcast(D, COS_5);
    for (int i = 0; i < n; i += D.length()) {
      DoubleVector a = fromArray(D, x, xo + i).abs();
      DoubleVector z = a.fma(twoOverPi, rounder), k = z.sub(rounder);
      DoubleVector t = k.fma(h0, a), m = k.mul(h1), r = t.add(m), w = r.sub(t);
      DoubleVector d = k.fma(h2, t.sub(r.sub(w)).add(m.sub(w)).add(k.fma(h1, m.neg())));
      DoubleVector s = r.mul(r);
      DoubleVector p = s5.fma(s, s4).fma(s, s3).fma(s, s2).fma(s, s1).fma(s, s0);
      DoubleVector sin = r.mul(s).fma(p, d).add(r);
      DoubleVector u = c5.fma(s, c4).fma(s, c3).fma(s, c2).fma(s, c1).fma(s, c0);
      DoubleVector cos = s.fma(minusHalf, s.mul(s).fma(u, r.mul(d).neg())).add(one);
      LongVector q = z.reinterpretAsLongs().add(1);
      LongVector result = cos.blend(sin, q.and(1).compare(EQ, 0).cast(D)).reinterpretAsLongs();
      result.lanewise(XOR, q.lanewise(LSHL, 62).and(SIGN)).reinterpretAsDoubles().intoArray(y, yo + i);
    }
  }
}
