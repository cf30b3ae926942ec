package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.cotangent.DType;
import org.cotangent.cpu.kernel.Loops.F1;
import org.cotangent.cpu.kernel.Loops.F2;
import org.cotangent.cpu.kernel.Loops.FB;
import org.cotangent.cpu.kernel.Loops.FC;
import org.cotangent.cpu.kernel.Loops.FloatLine;
import org.cotangent.cpu.kernel.Loops.FloatRows;
import org.cotangent.cpu.vector.Few;
import org.cotangent.cpu.vector.FloatArithmetic;
import org.cotangent.cpu.vector.Folds;
import org.cotangent.cpu.vector.LineFolds;
import org.cotangent.spi.Layout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vector loops of floats have the bits of the plain loops, at any length and offset. */
class FloatLoopsTest {
  private static final Samples s = Samples.seeded("FloatLoopsTest");
  private static final int ROOM = 1200;

  @BeforeEach
  void vectors() {
    assumeTrue(FloatTiers.VECTORS, "needs jdk.incubator.vector");
  }

  @Test
  void arithmetic() {
    two(FloatLoops::add, FloatArithmetic::add);
    two(FloatLoops::sub, FloatArithmetic::sub);
    two(FloatLoops::mul, FloatArithmetic::mul);
    two(FloatLoops::div, FloatArithmetic::div);
    two(FloatLoops::max, FloatArithmetic::max);
    two(FloatLoops::min, FloatArithmetic::min);
    constant(FloatLoops::add, FloatArithmetic::add);
    constant(FloatLoops::sub, FloatArithmetic::sub);
    constant(FloatLoops::from, FloatArithmetic::from);
    constant(FloatLoops::mul, FloatArithmetic::mul);
    constant(FloatLoops::div, FloatArithmetic::div);
    constant(FloatLoops::into, FloatArithmetic::into);
    constant(FloatLoops::max, FloatArithmetic::max);
    constant(FloatLoops::min, FloatArithmetic::min);
    one(FloatLoops::neg, FloatArithmetic::neg);
    one(FloatLoops::abs, FloatArithmetic::abs);
    one(FloatLoops::sqrt, FloatArithmetic::sqrt);
    one(FloatLoops::rsqrt, FloatArithmetic::rsqrt);
  }

  @Test
  void bools() {
    if (FloatArithmetic.hasBools()) {
      compare(FloatLoops::gt, FloatArithmetic::gt);
      compare(FloatLoops::ge, FloatArithmetic::ge);
      compare(FloatLoops::eq, FloatArithmetic::eq);
      compare(FloatLoops::ne, FloatArithmetic::ne);
      where();
    }
  }

  @Test
  void folds() {
    line(Few::max, LineFolds::max);
    line(Few::min, LineFolds::min);
    rows(FloatFold::sumRows, Folds::sumRows);
    rows(FloatFold::maxRows, Folds::maxRows);
    rows(FloatFold::minRows, Folds::minRows);
    int lanes = FloatOps.LANES;
    for (int n = 0; n <= 4; n++) {
      float[] x = values();
      float[] a = new float[5];
      float[] b = new float[5];
      FloatFold.sums(x, 3, 5 + lanes, 4 * lanes * n, a, 1, 4);
      LineFolds.sums(x, 3, 5 + lanes, 4 * lanes * n, b, 1, 4);
      assertThat(b).isEqualTo(a);
    }
  }

  /** Extremes by vectors are taken of bits: the numbers where the order of those is another. */
  @Test
  void extremesOfSpecialNumbers() {
    float[] special = {0, -0f, 1, -1, Float.MIN_VALUE, -Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE,
        Float.intBitsToFloat(0x7fc00000), Float.intBitsToFloat(0x7f800001), Float.intBitsToFloat(0xffc00000), Float.intBitsToFloat(0xff800001)};
    for (int round = 0; round < 4000; round++) {
      int some = 1 + s.below(special.length);
      int first = s.below(special.length);
      float[] x = new float[100];
      for (int i = 0; i < x.length; i++) {
        x[i] = special[(first + s.below(some)) % special.length];
      }
      int n = s.below(30) * 3;
      float[] a = new float[3];
      float[] b = new float[3];
      FloatFold.maxima(x, 2, 4, n, a, 1, 2);
      LineFolds.maxima(x, 2, 4, n, b, 1, 2);
      assertThat(b).isEqualTo(a);
      FloatFold.minima(x, 2, 4, n, a, 1, 2);
      LineFolds.minima(x, 2, 4, n, b, 1, 2);
      assertThat(b).isEqualTo(a);
    }
  }

  private static float[] values() {
    return (float[]) Samples.storage(s.filled(DType.FLOAT32, Layout.dense(ROOM)));
  }

  private static int[] lengths() {
    int[] n = new int[72];
    for (int i = 0; i < 70; i++) {
      n[i] = i;
    }
    n[70] = 1000;
    n[71] = 1024;
    return n;
  }

  private static void one(F1 plain, F1 vector) {
    for (int n : lengths()) {
      float[] x = values();
      float[] a = values();
      float[] b = a.clone();
      plain.run(x, 5, a, 7, n);
      vector.run(x, 5, b, 7, n);
      assertThat(b).isEqualTo(a);
    }
  }

  private static void two(F2 plain, F2 vector) {
    for (int n : lengths()) {
      float[] x = values();
      float[] y = values();
      float[] a = values();
      float[] b = a.clone();
      plain.run(x, 5, y, 3, a, 7, n);
      vector.run(x, 5, y, 3, b, 7, n);
      assertThat(b).isEqualTo(a);
      plain.run(x, 5, y, 3, y, 3, n);
      assertThat(java.util.Arrays.copyOfRange(y, 3, 3 + n)).as("in place").isEqualTo(java.util.Arrays.copyOfRange(a, 7, 7 + n));
    }
  }

  private static void constant(FC plain, FC vector) {
    for (int n : lengths()) {
      float[] x = values();
      float[] a = values();
      float[] b = a.clone();
      plain.run(x, 5, x[0], a, 7, n);
      vector.run(x, 5, x[0], b, 7, n);
      assertThat(b).isEqualTo(a);
    }
  }

  private static void compare(FB plain, FB vector) {
    for (int n : lengths()) {
      float[] x = values();
      float[] y = values();
      System.arraycopy(x, 100, y, 100, 200);
      byte[] a = new byte[ROOM];
      byte[] b = new byte[ROOM];
      plain.run(x, 5, y, 5, a, 7, n);
      vector.run(x, 5, y, 5, b, 7, n);
      assertThat(b).isEqualTo(a);
    }
  }

  private static void where() {
    for (int n : lengths()) {
      float[] x = values();
      float[] y = values();
      float[] a = values();
      float[] b = a.clone();
      byte[] c = new byte[ROOM];
      for (int i = 0; i < ROOM; i++) {
        c[i] = (byte) s.below(2);
      }
      FloatLoops.where(c, 1, x, 5, y, 3, a, 7, n);
      FloatArithmetic.where(c, 1, x, 5, y, 3, b, 7, n);
      assertThat(b).isEqualTo(a);
    }
  }

  private static void line(FloatLine plain, FloatLine vector) {
    for (int n : lengths()) {
      float[] x = values();
      Samples.same(vector.run(x, 5, n), plain.run(x, 5, n));
    }
  }

  private static void rows(FloatRows plain, FloatRows vector) {
    for (int n : lengths()) {
      int w = Math.min(n, 140);
      float[] x = values();
      double[] a = new double[w];
      double[] b = new double[w];
      plain.run(x, 5, 141, a, w);
      vector.run(x, 5, 141, b, w);
      assertThat(b).isEqualTo(a);
    }
  }
}
