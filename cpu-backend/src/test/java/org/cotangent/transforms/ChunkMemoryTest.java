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

  /** [16] from [n]. */
  private static UnaryOperator<Tensor> wide(int n) {
    Tensor w = random(5, n, WIDTH).synchronize();
    Tensor w1 = random(1, WIDTH, WIDTH).synchronize();
    Tensor w2 = random(2, WIDTH, 16).synchronize();
    return v -> v.matmul(w).tanh().matmul(w1).tanh().matmul(w1).tanh().matmul(w2);
  }

  private static long forward(int columns, int chunk) {
    UnaryOperator<Tensor> f = wide(columns);
    Tensor x = random(3, columns).synchronize();
    return peak(() -> Autograd.jacfwd(f, chunk).apply(x)) - 2 * 8L * columns * 16;
  }

  private static long hessian(int n, int chunk) {
    UnaryOperator<Tensor> f = wide(n);
    Tensor x = random(3, n).synchronize();
    return peak(() -> Autograd.hessian(v -> f.apply(v).square().sum(), chunk).apply(x)) - 2 * 8L * n * n;
  }

  @Test
  void thePeakOfAForwardJacobianFollowsTheChunk() {
    forward(64, 16);
    long few = forward(512, 16);
    long many = forward(2048, 16);
    long wide = forward(2048, 512);
    long row = 8L * WIDTH;
    assertThat(many - few).as("four times the columns, beyond parts and result").isLessThan(16 * 1536 * 8 + 4 * 16 * row);
    assertThat(wide - many).as("chunks 32 times as large").isGreaterThan(496 * row);
  }

  @Test
  void thePeakOfAHessianFollowsTheChunk() {
    hessian(64, 16);
    long few = hessian(128, 16);
    long many = hessian(512, 16);
    long wide = hessian(512, 256);
    long row = 8L * WIDTH;
    assertThat(many - few).as("four times the columns, beyond parts and result").isLessThan(3 * 16 * 384 * 8 + 4 * 16 * row);
    assertThat(wide - many).as("chunks 16 times as large").isGreaterThan(240 * row);
  }

  @Test
  void aChunkedTransformInsideAnotherIsBoundedToo() {
    UnaryOperator<Tensor> f = net(512);
    Tensor xs = random(6, 2, WIDTH).synchronize();
    long result = 2 * 8L * 2 * 512 * WIDTH;
    long small = peak(() -> Autograd.vmap(Autograd.jacrev(f, 16)).apply(xs)) - result;
    long large = peak(() -> Autograd.vmap(Autograd.jacrev(f, 256)).apply(xs)) - result;
    assertThat(large - small).isGreaterThan(2 * 200L * 8 * WIDTH);
  }

  /** The graph of every chunk is kept for the backward pass; without one, noGrad around the Jacobian says so. */
  @Test
  void anOpenTapeKeepsEveryChunkAndNoGradDoesNot() {
    Tensor w = random(1, WIDTH, WIDTH).requiresGrad_();
    Tensor w2 = random(2, WIDTH, 512).synchronize();
    UnaryOperator<Tensor> f = v -> v.matmul(w).tanh().matmul(w).tanh().matmul(w2);
    Tensor x = random(3, WIDTH).synchronize();
    long closed = peak(() -> Autograd.noGrad(() -> Autograd.jacrev(f, 16).apply(x)));
    long open = peak(() -> Autograd.jacrev(f, 16).apply(x));
    long row = 8L * WIDTH;
    assertThat(closed).isLessThan(2 * 512 * row + 8 * 16 * row);
    assertThat(open - closed).as("hidden rows of all chunks").isGreaterThan(512 * row);
  }
}
