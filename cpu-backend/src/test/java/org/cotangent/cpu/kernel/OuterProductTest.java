package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.cpu.gemm.GemmProvider;
import org.cotangent.spi.GemmCall;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Products of one term: every element is one multiplication, exact to the last bit, and nothing else is written. */
class OuterProductTest {
  private final long seed = Seeds.of("OuterProductTest");
  private final SplittableRandom random = new SplittableRandom(seed);

  @Test
  void everyElementIsOneMultiplication() {
    try (var pool = new Pool(2)) {
      for (int t = 0; t < 60; t++) {
        check(pool, 1 + random.nextInt(70), 50 + random.nextInt(600), 1 + random.nextInt(4), random.nextBoolean(), random.nextBoolean());
      }
    }
  }

  private void check(Pool pool, int m, int n, int batch, boolean ta, boolean tb) {
    int lda = ta ? m + random.nextInt(3) : 1 + random.nextInt(3);
    int ldb = tb ? 1 : n + random.nextInt(3);
    int ldc = n + random.nextInt(3);
    int aBatch = random.nextInt(3) == 0 ? 0 : m * lda;
    int bBatch = random.nextInt(3) == 0 ? 0 : n;
    int cBatch = m * ldc + random.nextInt(3);
    float[] a = data(2 + batch * m * lda);
    float[] b = data(3 + batch * (n + 3));
    float[] c = data(1 + batch * cBatch);
    float[] expected = c.clone();
    for (int i = 0; i < batch; i++) {
      for (int r = 0; r < m; r++) {
        for (int j = 0; j < n; j++) {
          expected[1 + i * cBatch + r * ldc + j] = a[2 + i * aBatch + r * (ta ? 1 : lda)] * b[3 + i * bBatch + j];
        }
      }
    }
    Heap heap = new Heap();
    Product.run(pool, GemmProvider.instance(), new GemmCall(ta, tb, m, n, 1, batch, heap.share(DType.FLOAT32, a), 2, lda, aBatch,
        heap.share(DType.FLOAT32, b), 3, ldb, bBatch, heap.share(DType.FLOAT32, c), 1, ldc, cBatch));
    assertThat(c).as("seed %d: m %d, n %d, batch %d, %b, %b", seed, m, n, batch, ta, tb).isEqualTo(expected);
  }

  private float[] data(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextDouble(-2, 2);
    }
    return x;
  }
}
