package org.cotangent.cpu.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.cotangent.cpu.vector.FloatCoefficients.*;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sine and cosine for float32; {@code n} is a multiple of the vector length.
 *
 * <p>x = k pi/2 + r + d with pi/2 in three parts (Cody and Waite). With fused multiply-add the first subtraction is exact; the second one's
 * error is found by Knuth's two-sum and goes to d with the third part, so that cancellation costs nothing. Then sin or cos of r by the
 * parity of k, with d as a correction of first order. Larger arguments, rare in practice, are left to StrictMath, whose reduction (Payne
 * and Hanek) has no limit.
 */
final class FloatTrig {
  /** The largest argument that these loops reduce. */
  static final float LIMIT = 0x1p18f;

  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int SIGN = 0x80000000;

  private FloatTrig() {}

  static void sin(float[] x, int xo, float[] y, int yo, int n) {
    for (int b = 0; b < n; b += VectorElementwise.PIECE) {
      int m = Math.min(VectorElementwise.PIECE, n - b);
      if (anyBeyond(x, xo + b, m)) {
        float[] copy = Arrays.copyOfRange(x, xo + b, xo + b + m);
        sinLoop(copy, 0, y, yo + b, m);
        for (int i = 0; i < m; i++) if (!(Math.abs(copy[i]) <= LIMIT)) y[yo + b + i] = (float) StrictMath.sin(copy[i]);
      } else {
        sinLoop(x, xo + b, y, yo + b, m);
      }
    }
  }

  static void cos(float[] x, int xo, float[] y, int yo, int n) {
    for (int b = 0; b < n; b += VectorElementwise.PIECE) {
      int m = Math.min(VectorElementwise.PIECE, n - b);
      if (anyBeyond(x, xo + b, m)) {
        float[] copy = Arrays.copyOfRange(x, xo + b, xo + b + m);
        cosLoop(copy, 0, y, yo + b, m);
        for (int i = 0; i < m; i++) if (!(Math.abs(copy[i]) <= LIMIT)) y[yo + b + i] = (float) StrictMath.cos(copy[i]);
      } else {
        cosLoop(x, xo + b, y, yo + b, m);
      }
    }
  }

  /** Whether an element is beyond {@link #LIMIT}, infinite or NaN. */
  private static boolean anyBeyond(float[] x, int xo, int n) {
    IntVector largest = IntVector.zero(IntVector.SPECIES_PREFERRED);
    for (int i = 0; i < n; i += F.length()) largest = largest.max(fromArray(F, x, xo + i).reinterpretAsInts().and(~SIGN));
    return largest.reduceLanes(MAX) > Float.floatToRawIntBits(LIMIT);
  }

  private static void sinLoop(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), twoOverPi = broadcast(F, TWO_OVER_PI), one = broadcast(F, 1f);
    FloatVector h0 = broadcast(F, -HALF_PI_0), h1 = broadcast(F, -HALF_PI_1), h2 = broadcast(F, -HALF_PI_2), minusHalf = broadcast(F, -0.5f);
    FloatVector s0 = broadcast(F, SIN_0), s1 = broadcast(F, SIN_1), s2 = broadcast(F, SIN_2), s3 = broadcast(F, SIN_3);
    FloatVector c0 = broadcast(F, COS_0), c1 = broadcast(F, COS_1), c2 = broadcast(F, COS_2);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector v = fromArray(F, x, xo + i), a = v.abs();
      FloatVector z = a.fma(twoOverPi, rounder), k = z.sub(rounder);
      FloatVector t = k.fma(h0, a), m = k.mul(h1), r = t.add(m), w = r.sub(t);
      FloatVector d = k.fma(h2, t.sub(r.sub(w)).add(m.sub(w)).add(k.fma(h1, m.neg())));
      FloatVector s = r.mul(r);
      FloatVector sin = r.mul(s).fma(s3.fma(s, s2).fma(s, s1).fma(s, s0), d).add(r);
      FloatVector cos = s.fma(minusHalf, s.mul(s).fma(c2.fma(s, c1).fma(s, c0), r.mul(d).neg())).add(one);
      IntVector q = z.reinterpretAsInts();
      IntVector sign = q.lanewise(LSHL, 30).lanewise(XOR, v.reinterpretAsInts()).and(SIGN);
      IntVector result = sin.blend(cos, q.and(1).compare(NE, 0).cast(F)).reinterpretAsInts();
      result.lanewise(XOR, sign).reinterpretAsFloats().intoArray(y, yo + i);
    }
  }

  private static void cosLoop(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector rounder = broadcast(F, ROUNDER), twoOverPi = broadcast(F, TWO_OVER_PI), one = broadcast(F, 1f);
    FloatVector h0 = broadcast(F, -HALF_PI_0), h1 = broadcast(F, -HALF_PI_1), h2 = broadcast(F, -HALF_PI_2), minusHalf = broadcast(F, -0.5f);
    FloatVector s0 = broadcast(F, SIN_0), s1 = broadcast(F, SIN_1), s2 = broadcast(F, SIN_2), s3 = broadcast(F, SIN_3);
    FloatVector c0 = broadcast(F, COS_0), c1 = broadcast(F, COS_1), c2 = broadcast(F, COS_2);
    for (int i = 0; i < n; i += F.length()) {
      FloatVector a = fromArray(F, x, xo + i).abs();
      FloatVector z = a.fma(twoOverPi, rounder), k = z.sub(rounder);
      FloatVector t = k.fma(h0, a), m = k.mul(h1), r = t.add(m), w = r.sub(t);
      FloatVector d = k.fma(h2, t.sub(r.sub(w)).add(m.sub(w)).add(k.fma(h1, m.neg())));
      FloatVector s = r.mul(r);
      FloatVector sin = r.mul(s).fma(s3.fma(s, s2).fma(s, s1).fma(s, s0), d).add(r);
      FloatVector cos = s.fma(minusHalf, s.mul(s).fma(c2.fma(s, c1).fma(s, c0), r.mul(d).neg())).add(one);
      IntVector q = z.reinterpretAsInts().add(1);
      IntVector result = cos.blend(sin, q.and(1).compare(EQ, 0).cast(F)).reinterpretAsInts();
      result.lanewise(XOR, q.lanewise(LSHL, 30).and(SIGN)).reinterpretAsFloats().intoArray(y, yo + i);
    }
  }
}
