package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cotangent.transforms.Check.random;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The memory of a chunked transform grows with the chunk, not with the rows. */
@Isolated
class ChunkMemoryTest {
  private static final int WIDTH = 256;

  /** The most of a few runs: while one runs, garbage of earlier tests may be collected and lower it. */
  private static long peak(Supplier<Tensor> work) {
    return java.util.stream.LongStream.generate(() -> once(work)).limit(4).max().orElseThrow();
  }

  private static long once(Supplier<Tensor> work) {
    Backend cpu = Backends.of(Device.CPU);
    try (MemoryScope _ = MemoryScope.open()) {
      cpu.resetPeak();
      long before = cpu.memoryStats().liveBytes();
      work.get().synchronize();
      return cpu.memoryStats().peakBytes() - before;
    }
  }

  /** [n] from [WIDTH], with hidden rows of WIDTH. */
  private static UnaryOperator<Tensor> net(int n) {
    Tensor w1 = random(1, WIDTH, WIDTH).synchronize();
    Tensor w2 = random(2, WIDTH, n).synchronize();
    return v -> v.matmul(w1).tanh().matmul(w1).tanh().matmul(w1).tanh().matmul(w2);
  }

  private static long jacobian(int rows, int chunk) {
    UnaryOperator<Tensor> f = net(rows);
    Tensor x = random(3, WIDTH).synchronize();
    long result = 8L * rows * WIDTH;
    return peak(() -> Autograd.jacrev(f, chunk).apply(x)) - 2 * result;
  }

  @Test
  void thePeakOfAReverseJacobianFollowsTheChunk() {
    jacobian(64, 16);
    long few = jacobian(512, 16);
    long many = jacobian(2048, 16);
    long wide = jacobian(2048, 512);
    long row = 8L * WIDTH;
    assertThat(many - few).as("four times the rows, beyond parts and result").isLessThan(16 * 1536 * 8 + 4 * 16 * row);
    assertThat(wide - many).as("chunks 32 times as large").isGreaterThan(496 * row);
  }

  @Test
  void thePeakOfVmapFollowsTheChunk() {
    UnaryOperator<Tensor> f = net(1);
    Tensor few = random(4, 256, WIDTH).synchronize();
    Tensor many = random(4, 2048, WIDTH).synchronize();
    UnaryOperator<Tensor> chunked = Autograd.vmap(f, Autograd.in(0).chunk(16));
    long a = peak(() -> chunked.apply(few));
    long b = peak(() -> chunked.apply(many));
    long all = peak(() -> Autograd.vmap(f).apply(many));
    assertThat(b - a).as("eight times the examples").isLessThan((2048 - 256) * 8 * WIDTH / 16);
    assertThat(all).as("without chunks").isGreaterThan(8 * b);
  }
}
