package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.cotangent.DType;
import org.cotangent.cpu.kernel.Loops.D1;
import org.cotangent.cpu.kernel.Loops.D2;
import org.cotangent.cpu.kernel.Loops.DB;
import org.cotangent.cpu.kernel.Loops.DC;
import org.cotangent.cpu.kernel.Loops.DoubleLine;
import org.cotangent.cpu.kernel.Loops.DoubleRows;
import org.cotangent.cpu.vector.DoubleArithmetic;
import org.cotangent.cpu.vector.Folds;
import org.cotangent.spi.Layout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vector loops of doubles have the bits of the plain loops, at any length and offset. */
class DoubleLoopsTest {
  private static final Samples s = Samples.seeded("DoubleLoopsTest");
  private static final int ROOM = 1200;

  @BeforeEach
  void vectors() {
    assumeTrue(DoubleTiers.VECTORS, "needs jdk.incubator.vector");
  }

  @Test
  void arithmetic() {
    two(DoubleLoops::add, DoubleArithmetic::add);
    two(DoubleLoops::sub, DoubleArithmetic::sub);
    two(DoubleLoops::mul, DoubleArithmetic::mul);
    two(DoubleLoops::div, DoubleArithmetic::div);
    two(DoubleLoops::max, DoubleArithmetic::max);
    two(DoubleLoops::min, DoubleArithmetic::min);
    constant(DoubleLoops::add, DoubleArithmetic::add);
    constant(DoubleLoops::sub, DoubleArithmetic::sub);
    constant(DoubleLoops::from, DoubleArithmetic::from);
    constant(DoubleLoops::mul, DoubleArithmetic::mul);
    constant(DoubleLoops::div, DoubleArithmetic::div);
    constant(DoubleLoops::into, DoubleArithmetic::into);
    constant(DoubleLoops::max, DoubleArithmetic::max);
    constant(DoubleLoops::min, DoubleArithmetic::min);
    one(DoubleLoops::neg, DoubleArithmetic::neg);
    one(DoubleLoops::abs, DoubleArithmetic::abs);
    one(DoubleLoops::sqrt, DoubleArithmetic::sqrt);
    one(DoubleLoops::rsqrt, DoubleArithmetic::rsqrt);
  }

  @Test
  void bools() {
    if (DoubleArithmetic.hasBools()) {
      compare(DoubleLoops::gt, DoubleArithmetic::gt);
      compare(DoubleLoops::ge, DoubleArithmetic::ge);
      compare(DoubleLoops::eq, DoubleArithmetic::eq);
      compare(DoubleLoops::ne, DoubleArithmetic::ne);
      where();
    }
  }

  @Test
  void folds() {
    line(DoubleFold::max, Folds::max);
    line(DoubleFold::min, Folds::min);
    rows(DoubleFold::sumRows, Folds::sumRows);
    rows(DoubleFold::maxRows, Folds::maxRows);
    rows(DoubleFold::minRows, Folds::minRows);
    int lanes = DoubleOps.LANES;
    for (int n = 0; n <= 8; n++) {
      double[] x = values();
      double[] a = new double[lanes];
      double[] b = new double[lanes];
      DoubleFold.sumLanes(x, 3, 4 * lanes * n, a);
      Folds.sumLanes(x, 3, 4 * lanes * n, b);
      assertThat(b).isEqualTo(a);
    }
  }

  private static double[] values() {
    return (double[]) Samples.storage(s.filled(DType.FLOAT64, Layout.dense(ROOM)));
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

  private static void one(D1 plain, D1 vector) {
    for (int n : lengths()) {
      double[] x = values();
      double[] a = values();
      double[] b = a.clone();
      plain.run(x, 5, a, 7, n);
      vector.run(x, 5, b, 7, n);
      assertThat(b).isEqualTo(a);
    }
  }

  private static void two(D2 plain, D2 vector) {
    for (int n : lengths()) {
      double[] x = values();
      double[] y = values();
      double[] a = values();
      double[] b = a.clone();
      plain.run(x, 5, y, 3, a, 7, n);
      vector.run(x, 5, y, 3, b, 7, n);
      assertThat(b).isEqualTo(a);
      plain.run(x, 5, y, 3, y, 3, n);
      assertThat(java.util.Arrays.copyOfRange(y, 3, 3 + n)).as("in place").isEqualTo(java.util.Arrays.copyOfRange(a, 7, 7 + n));
    }
  }

  private static void constant(DC plain, DC vector) {
    for (int n : lengths()) {
      double[] x = values();
      double[] a = values();
      double[] b = a.clone();
      plain.run(x, 5, x[0], a, 7, n);
      vector.run(x, 5, x[0], b, 7, n);
      assertThat(b).isEqualTo(a);
    }
  }

  private static void compare(DB plain, DB vector) {
    for (int n : lengths()) {
      double[] x = values();
      double[] y = values();
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
      double[] x = values();
      double[] y = values();
      double[] a = values();
      double[] b = a.clone();
      byte[] c = new byte[ROOM];
      for (int i = 0; i < ROOM; i++) {
        c[i] = (byte) s.below(2);
      }
      DoubleLoops.where(c, 1, x, 5, y, 3, a, 7, n);
      DoubleArithmetic.where(c, 1, x, 5, y, 3, b, 7, n);
      assertThat(b).isEqualTo(a);
    }
  }

  private static void line(DoubleLine plain, DoubleLine vector) {
    for (int n : lengths()) {
      double[] x = values();
      Samples.same(vector.run(x, 5, n), plain.run(x, 5, n));
    }
  }

  private static void rows(DoubleRows plain, DoubleRows vector) {
    for (int n : lengths()) {
      int w = Math.min(n, 140);
      double[] x = values();
      double[] a = new double[w];
      double[] b = new double[w];
      plain.run(x, 5, 141, a, w);
      vector.run(x, 5, 141, b, w);
      assertThat(b).isEqualTo(a);
    }
  }
}
