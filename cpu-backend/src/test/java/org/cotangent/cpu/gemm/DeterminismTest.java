package org.cotangent.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.cotangent.cpu.Pool;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal inputs give equal bits, whatever the number of threads and wherever the arrays lie. */
class DeterminismTest {
  private static final long SEED = Seeds.of("DeterminismTest");
  private static final int[][] SIZES = {{128, 256, 784}, {20, 20, 10_000}, {1, 500, 3000}, {500, 1, 3000}, {500, 400, 450},
      {1, 1, 100_000}, {513, 511, 29}, {1100, 90, 800}, {300, 2100, 410}, {2, 3, 50_000}, {64, 64, 64}};

  interface Maker {
    Gemm on(Pool pool);
  }

  static Stream<Maker> makers() {
    Maker java = pool -> new JavaGemm(pool, "under test");
    return OpenBlas.load().unavailable().isEmpty() ? Stream.of(java, OpenBlasGemm::new) : Stream.of(java);
  }

  @ParameterizedTest
  @MethodSource("makers")
  void bitsDoNotDependOnTheNumberOfThreads(Maker maker) {
    try (var one = new Pool(1); var two = new Pool(2); var five = new Pool(5)) {
      var random = new Random(SEED);
      for (int[] s : SIZES) {
        for (int batch : new int[] {1, 2}) {
          var product = new Reference(random, s[0], s[1], s[2], batch);
          float[] single = product.float32(maker.on(one));
          double[] wide = product.float64(maker.on(one));
          for (Pool pool : new Pool[] {two, five}) {
            assertThat(product.float32(maker.on(pool))).as("seed %d, %s, %d threads", SEED, product, pool.threads()).isEqualTo(single);
            assertThat(product.float64(maker.on(pool))).as("seed %d, %s, %d threads", SEED, product, pool.threads()).isEqualTo(wide);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("makers")
  void bitsDoNotDependOnAlignment(Maker maker) {
    try (var pool = new Pool(2)) {
      Gemm gemm = maker.on(pool);
      var random = new Random(SEED);
      for (int[] s : new int[][] {{5, 7, 9}, {64, 33, 100}, {128, 128, 128}, {1, 500, 500}, {500, 1, 500}, {300, 200, 400}}) {
        for (int t = 0; t < 4; t++) aligned(gemm, t / 2 == 1, t % 2 == 1, s[0], s[1], s[2], random);
      }
    }
  }

  private static void aligned(Gemm gemm, boolean ta, boolean tb, int m, int n, int k, Random random) {
    var a = new float[m * k + 16];
    var b = new float[k * n + 16];
    var first = new float[m * n];
    for (int i = 0; i < m * k; i++) a[i] = (float) random.nextGaussian();
    for (int i = 0; i < k * n; i++) b[i] = (float) random.nextGaussian();
    for (int shift = 0; shift < 16; shift++) {
      var c = new float[m * n + 16];
      var shiftedA = new float[a.length];
      var shiftedB = new float[b.length];
      System.arraycopy(a, 0, shiftedA, shift, m * k);
      System.arraycopy(b, 0, shiftedB, 15 - shift, k * n);
      gemm.sgemm(ta, tb, m, n, k, shiftedA, shift, ta ? m : k, shiftedB, 15 - shift, tb ? k : n, 0, c, shift / 2, n);
      var result = new float[m * n];
      System.arraycopy(c, shift / 2, result, 0, m * n);
      if (shift == 0) first = result;
      else assertThat(result).as("seed %d, [%d, %d, %d] ta %s tb %s, shift %d", SEED, m, n, k, ta, tb, shift).isEqualTo(first);
    }
  }
}
