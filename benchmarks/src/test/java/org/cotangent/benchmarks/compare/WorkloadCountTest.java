package org.cotangent.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;
import org.cotangent.Device;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What cases of the benchmark cost in kernels, products, bytes and garbage: counts, the same on every machine, so that a change that makes
 * one dearer fails here. The bounds are what was counted; lower them when the work gets cheaper.
 */
class WorkloadCountTest {
  private static final long MB = 1_000_000;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private static Work work(String name) {
    Case c = Cases.all().stream().filter(k -> k.name().strip().equals(name)).findFirst().orElseThrow();
    return new CotangentEngine().prepare(c.task()).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    // name, kernels with products, products, kilobytes of new buffers
    "chain 1e5, 1, 0, 400",
    "chain+grad 1e5, 3, 0, 801",
    "softmax 256x1024, 1, 0, 1049",
    "layer norm 256x1024, 1, 0, 1057",
    "cross entropy 256x1024, 4, 0, 1053",
    "adam step 32 64-64-10, 13, 5, 76",
    "cnn step 32x1x28x28, 46, 8, 24754",
    "transformer 8x128x256, 43, 18, 70255",
    "jacobian 1 by hand, 11, 6, 300",
    "jacobian 64 by hand, 11, 6, 13992",
    "weight jacobian by hand, 8, 5, 8154",
    "hvp 1019, 63, 22, 109",
    "per-sample gradients 64-64-10, 13, 5, 5150",
    "pinn 10000, 185, 99, 124218"
  })
  void kernelsAndBuffers(String name, int kernels, int products, long kilobytes) {
    Tally t = Tally.of(work(name)::run);
    assertThat(t.products()).as("%s: products", t).isEqualTo(products);
    assertThat(t.kernels()).as("%s: kernels", t).isLessThanOrEqualTo(kernels);
    assertThat(t.bytes()).as("%s: bytes", t).isLessThanOrEqualTo(1000 * kilobytes);
  }

  /** The Hessian itself takes 4 MB, and as much again while its parts are joined. */
  @Test
  void aHessianOfAThousandParametersStaysBelow50MB() {
    assertThat(peak(work("hessian 1019"))).isBetween(8 * MB, 30 * MB);
  }

  /** The most bytes of buffers that were live at once, beyond those before. */
  private static long peak(Work w) {
    Backend cpu = Backends.of(Device.CPU);
    return LongStream.range(0, 3).map(_ -> {
      cpu.resetPeak();
      long before = cpu.memoryStats().liveBytes();
      w.run();
      return cpu.memoryStats().peakBytes() - before;
    }).max().orElseThrow();
  }

  /** Garbage is counted before the compiler makes it less; a step that lets its states go to the collector leaves twice as much. */
  @ParameterizedTest
  @CsvSource({"add of 8, 740", "add of 8 grad, 1160", "adam step 32 64-64-10, 130000", "adam step 256 1024-1024-1024, 19000000"})
  void garbage(String name, long most) {
    assertThat(garbage(work(name), most)).isBetween(100L, most);
  }

  /**
   * Bytes that a run leaves to the collector on this thread, the least of a few. A vector loop that the compiler threw away allocates until it is
   * compiled again, on a busy machine for seconds, so that more than {@code most} is measured again for a while.
   */
  private static long garbage(Work w, long most) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 20; i++) {
      w.run();
    }
    long end = System.nanoTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10 || least > most && System.nanoTime() < end; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      w.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
