package org.cotangent.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.cotangent.cpu.Pool;
import org.junit.jupiter.api.Test;

/** A garbage collection during a large product waits for one tile at most, not for the product. */
class CollectorLatencyTest {
  private static final int SIZE = 4096;

  @Test
  void aCollectionDoesNotWaitForTheProduct() throws InterruptedException {
    assumeTrue(OpenBlas.load().unavailable().isEmpty(), "needs OpenBLAS: its calls hold off the collector");
    try (var pool = new Pool(2)) {
      var gemm = new OpenBlasGemm(pool);
      var a = new float[SIZE * SIZE];
      var c = new float[SIZE * SIZE];
      double quiet = median(collections(5, null));
      var done = new AtomicBoolean();
      long from = System.nanoTime();
      Thread product = Thread.ofPlatform().daemon().start(() -> {
        gemm.sgemm(false, true, SIZE, SIZE, SIZE, a, 0, SIZE, a, 0, SIZE, 0, c, 0, SIZE);
        done.set(true);
      });
      Thread.sleep(50);
      double[] during = collections(20, done);
      product.join();
      double total = (System.nanoTime() - from) / 1e6;
      System.out.printf("collections during a %.0f ms product: %d, median %.1f ms, longest %.1f ms; without it %.1f ms%n",
          total, during.length, median(during), during[during.length - 1], quiet);
      assertThat(during).isNotEmpty();
      assertThat(median(during)).as("a collection must not wait for a product of %.0f ms", total).isLessThan(Math.min(100 + quiet, total / 2));
    }
  }

  /** The lengths, sorted, of {@code most} full collections in ms, fewer if {@code until} comes true. */
  private static double[] collections(int most, AtomicBoolean until) throws InterruptedException {
    var times = new double[most];
    int n = 0;
    while (n < most && (until == null || !until.get())) {
      long from = System.nanoTime();
      System.gc();
      times[n++] = (System.nanoTime() - from) / 1e6;
      Thread.sleep(5);
    }
    return java.util.Arrays.stream(times, 0, n).sorted().toArray();
  }

  private static double median(double[] sorted) {
    return sorted[sorted.length / 2];
  }
}
