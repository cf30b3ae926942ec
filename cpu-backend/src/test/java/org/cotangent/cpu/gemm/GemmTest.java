package org.cotangent.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.cotangent.cpu.Pool;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GemmTest {
  private static final long SEED = Seeds.of("GemmTest");

  static Stream<Gemm> implementations() {
    var java = new JavaGemm(new Pool(2), "under test");
    return OpenBlas.load().unavailable().isEmpty() ? Stream.of(java, new OpenBlasGemm(new Pool(2))) : Stream.of(java);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void randomSmallProducts(Gemm gemm) {
    var random = new Random(SEED);
    for (int i = 0; i < 1500; i++) {
      new Reference(random, random.nextInt(40), random.nextInt(40), random.nextInt(40), random.nextInt(5)).check(gemm, "seed " + SEED);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void randomLargerProducts(Gemm gemm) {
    var random = new Random(SEED);
    for (int i = 0; i < 25; i++) {
      int m = 1 + random.nextInt(300);
      int n = 1 + random.nextInt(300);
      int k = 1 + random.nextInt(20_000_000 / m / n / 2);
      new Reference(random, m, n, k, 1 + random.nextInt(2)).check(gemm, "seed " + SEED);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void vectorsAndThinMatrices(Gemm gemm) {
    var random = new Random(SEED);
    int[][] sizes = {{1, 1, 1}, {1, 1, 100_000}, {1, 2000, 600}, {2000, 1, 600}, {1, 7, 50_000}, {7, 1, 50_000}, {1, 30_000, 3},
        {30_000, 1, 3}, {20, 20, 10_000}, {2, 2, 100_000}, {3, 20_000, 5}, {20_000, 3, 5}, {300, 400, 1}};
    for (int[] s : sizes) {
      for (int t = 0; t < 4; t++) {
        new Reference(random, t / 2 == 1, t % 2 == 1, s[0], s[1], s[2], 1, t - 1, t == 2).check(gemm, "seed " + SEED);
      }
    }
  }

  /** Larger than the caches, and than what is brought into order at a time; the sizes are no multiples of tiles. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void largeProducts(Gemm gemm) {
    var random = new Random(SEED);
    int[][] sizes = {{1030, 1100, 405}, {2300, 70, 800}, {130, 4200, 390}, {700, 9, 3000}};
    for (int[] s : sizes) {
      for (int t = 0; t < 4; t++) {
        new Reference(random, t / 2 == 1, t % 2 == 1, s[0], s[1], s[2], t == 3 && s[0] < 500 ? 2 : 1, t - 1, t == 2).check(gemm, "seed " + SEED);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void manySmallProductsInABatch(Gemm gemm) {
    var random = new Random(SEED);
    for (int i = 0; i < 4; i++) new Reference(random, 64, 32, 48, 64).check(gemm, "seed " + SEED);
    new Reference(random, 3, 2, 4, 20_000).check(gemm, "seed " + SEED);
    new Reference(random, 1, 5, 6, 20_000).check(gemm, "seed " + SEED);
    new Reference(random, 150, 130, 100, 3).check(gemm, "seed " + SEED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void anEmptySumIsZeroOrBetaTimesC(Gemm gemm) {
    float[] c = {1, Float.NaN, 3, 4};
    gemm.sgemm(false, false, 2, 1, 0, new float[0], 0, 1, new float[0], 0, 1, 0, c, 1, 1);
    assertThat(c).containsExactly(1, 0, 0, 4);
    gemm.sgemm(true, true, 1, 2, 0, new float[0], 0, 1, new float[0], 0, 1, 3, c, 0, 2);
    assertThat(c).containsExactly(3, 0, 0, 4);
    double[] d = {1, 2};
    gemm.dgemm(false, false, 1, 2, 0, new double[0], 0, 1, new double[0], 0, 2, 1, d, 0, 2);
    assertThat(d).containsExactly(1, 2);
    gemm.dgemmBatched(false, false, 0, 2, 3, 4, new double[0], 0, 3, 0, new double[6], 0, 2, 0, 1, d, 0, 2, 1);
    assertThat(d).containsExactly(1, 2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void betaZeroDoesNotReadC(Gemm gemm) {
    for (int[] s : new int[][] {{1, 1, 1}, {1, 9, 7}, {9, 1, 7}, {5, 6, 7}, {1, 2000, 600},
        {2000, 1, 600}, {20, 20, 5_000}, {130, 120, 110}, {200, 200, 200}}) {
      for (int t = 0; t < 4; t++) {
        var product = new Reference(new Random(SEED), t / 2 == 1, t % 2 == 1, s[0], s[1], s[2], 1, 0, false);
        Arrays.fill(product.c, t % 2 == 0 ? Double.NaN : Double.NEGATIVE_INFINITY);
        product.check(gemm, "seed " + SEED);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void nanAndInfinityPassThroughZeros(Gemm gemm) {
    for (int n : new int[] {1, 5, 40, 200}) {
      for (int m : new int[] {1, 5, 130}) {
        int k = 9;
        var a = new float[m * k];
        var b = new float[k * n];
        a[3] = Float.NaN;
        a[(m - 1) * k] = Float.POSITIVE_INFINITY;
        var c = new float[m * n];
        gemm.sgemm(false, false, m, n, k, a, 0, k, b, 0, n, 0, c, 0, n);
        assertThat(c[0]).isNaN();
        assertThat(c[m * n - 1]).isNaN();
        if (m > 2) assertThat(c[n]).isZero();
        var x = new float[m * k];
        var y = new float[k * n];
        y[n - 1] = Float.NaN;
        gemm.sgemm(false, false, m, n, k, x, 0, k, y, 0, n, 0, c, 0, n);
        assertThat(c[m * n - 1]).isNaN();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void extentsAreChecked(Gemm gemm) {
    var four = new float[4];
    assertThatThrownBy(() -> gemm.sgemm(false, false, 2, 2, 2, new float[3], 0, 2, four, 0, 2, 0, four.clone(), 0, 2))
        .isInstanceOf(IllegalArgumentException.class).hasMessage("gemm: a is too short: needs 4, has 3");
    assertThatThrownBy(() -> gemm.sgemm(false, false, 2, 2, 2, four, 0, 2, four, 1, 2, 0, four.clone(), 0, 2))
        .hasMessage("gemm: b is too short: needs 5, has 4");
    assertThatThrownBy(() -> gemm.sgemm(false, false, 2, 2, 2, four, 0, 2, four, 0, 2, 0, four.clone(), 0, 1))
        .hasMessage("gemm: leading dimension of c is below its row length: 1 < 2");
    assertThatThrownBy(() -> gemm.sgemm(false, false, 2, 2, -1, four, 0, 2, four, 0, 2, 0, four.clone(), 0, 2)).hasMessageContaining("negative size");
    assertThatThrownBy(() -> gemm.sgemm(false, false, 2, 2, 2, four, -1, 2, four, 0, 2, 0, four.clone(), 0, 2))
        .hasMessageContaining("negative offset");
    assertThatThrownBy(() -> gemm.sgemmBatched(false, false, 1, 1, 1, 2, four, 0, 1, 1, four, 0, 1, 1, 0, four.clone(), 0, 1, 0))
        .hasMessageContaining("stride of c is 0");
    assertThatThrownBy(() -> gemm.sgemmBatched(false, false, 1, 1, 1, 2, four, 0, 1, Long.MAX_VALUE, four, 0, 1, 1, 0, four.clone(), 0, 1, 1))
        .hasMessageContaining("a is too short");
    assertThatThrownBy(() -> gemm.sgemm(false, false, Integer.MAX_VALUE, Integer.MAX_VALUE, 2, four, 0, 2, four, 0, Integer.MAX_VALUE, 0, four, 0,
        Integer.MAX_VALUE)).hasMessageContaining("c is too short");
  }

  @Test
  void theProviderChoosesByName() {
    var pool = new Pool(1);
    assertThat(GemmProvider.choose("java", pool).description()).isEqualTo("pure Java, 1 thread: asked for by -Dcotangent.blas=java");
    assertThatThrownBy(() -> GemmProvider.choose("mkl", pool)).hasMessage("gemm: -Dcotangent.blas is auto, openblas or java: mkl");
    assertThat(GemmProvider.choose("auto", pool).description()).matches("OpenBLAS \\S+ \\(\\w+\\), 1 thread|pure Java, 1 thread: .*");
    assertThat(GemmProvider.instance()).isSameAs(GemmProvider.instance());
  }
}
