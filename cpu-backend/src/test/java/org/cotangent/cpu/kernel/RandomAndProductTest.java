package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntToDoubleFunction;
import org.cotangent.DType;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Philox;
import org.junit.jupiter.api.Test;

class RandomAndProductTest {
  private static final Samples s = Samples.seeded("RandomAndProductTest");

  @Test
  void elementsHaveTheirNumbersOfTheStreamInAnyLayout() {
    for (int round = 0; round < 60; round++) {
      int[] dims = s.dims(4, true);
      long seed = s.random.nextLong();
      long offset = s.random.nextLong();
      int n = (int) Layout.dense(dims).size();
      float[] floats = new float[n];
      double[] doubles = new double[n];
      long[] longs = new long[n];
      Philox.uniform(seed, offset, 0, floats, 0, n);
      check(dims, DType.FLOAT32, Distribution.UNIFORM, seed, offset, i -> floats[i], 0);
      Philox.uniform(seed, offset, 0, doubles, 0, n);
      check(dims, DType.FLOAT64, Distribution.UNIFORM, seed, offset, i -> doubles[i], 0);
      Philox.randint(seed, offset, 0, longs, 0, n, -7, 9);
      for (DType type : new DType[] {DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8}) {
        check(dims, type, Distribution.INTEGER, seed, offset, i -> type.wrap(longs[i]), 0);
      }
      float[] normal = new float[n];
      Philox.normal(seed, offset, 0, normal, 0, n);
      check(dims, DType.FLOAT32, Distribution.NORMAL, seed, offset, i -> normal[i], 3e-7);
      Philox.normal(seed, offset, 0, doubles, 0, n);
      check(dims, DType.FLOAT64, Distribution.NORMAL, seed, offset, i -> doubles[i], 1e-14);
    }
  }

  private void check(int[] dims, DType type, Distribution kind, long seed, long offset, IntToDoubleFunction want, double tolerance) {
    Operand out = s.output(type, dims);
    s.backend.random(kind, seed, offset, -7, 9, out);
    int[] n = {0};
    Samples.each(dims, i -> {
      double w = want.applyAsDouble(n[0]++);
      double got = Samples.real(out, i);
      if (!(Math.abs(got - w) <= tolerance * Math.abs(w))) {
        Samples.same(got, w, out);
      }
    });
  }

  @Test
  void bitsAreBools() {
    Operand out = s.filled(DType.BOOL, Layout.dense(1000));
    s.backend.random(Distribution.INTEGER, 1, 0, 0, 2, out);
    int ones = 0;
    for (byte b : (byte[]) Samples.storage(out)) {
      assertThat(b).isBetween((byte) 0, (byte) 1);
      ones += b;
    }
    assertThat(ones).isBetween(400, 600);
    assertThatThrownBy(() -> s.backend.random(Distribution.UNIFORM, 1, 0, 0, 0, out)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void products() {
    for (int round = 0; round < 60; round++) {
      DType type = s.chance(0.5) ? DType.FLOAT32 : DType.FLOAT64;
      int batch = s.below(4);
      int m = s.below(9);
      int n = s.below(9);
      int k = s.below(9);
      boolean ta = s.chance(0.5);
      boolean tb = s.chance(0.5);
      boolean shared = s.chance(0.3);
      int lda = Math.max(1, (ta ? m : k) + s.below(3));
      int ldb = Math.max(1, (tb ? k : n) + s.below(3));
      int ldc = Math.max(1, n + s.below(3));
      Operand a = finite(type, 3 + (k + m) * lda * 4);
      Operand b = finite(type, 5 + (k + n) * ldb * 4);
      Operand c = finite(type, 7 + (m + 1) * ldc * 4);
      int aBatch = (ta ? k : m) * lda;
      int bBatch = shared ? 0 : (tb ? n : k) * ldb;
      var call = new GemmCall(ta, tb, m, n, k, batch, a.buffer(), 3, lda, aBatch, b.buffer(), 5, ldb, bBatch, c.buffer(), 7, ldc, (long) m * ldc);
      s.backend.gemm(call);
      for (int p = 0; p < batch; p++) {
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int l = 0; l < k; l++) {
              sum += at(a, 3 + p * aBatch + (ta ? l * lda + i : i * lda + l)) * at(b, 5 + p * bBatch + (tb ? j * ldb + l : l * ldb + j));
            }
            assertThat(at(c, 7 + p * m * ldc + i * ldc + j)).as(call.toString()).isBetween(sum - 1e-4, sum + 1e-4);
          }
        }
      }
    }
  }

  private static double at(Operand o, int i) {
    return Samples.real(o, new int[] {i});
  }

  private Operand finite(DType type, int n) {
    Operand o = s.filled(type, Layout.dense(n));
    for (int i = 0; i < n; i++) {
      Samples.put(o, i, s.random.nextGaussian());
    }
    return o;
  }
}
