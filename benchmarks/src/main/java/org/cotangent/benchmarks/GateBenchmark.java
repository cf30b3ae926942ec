package org.cotangent.benchmarks;

import java.util.concurrent.TimeUnit;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one operation on eight elements costs besides its arithmetic. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class GateBenchmark {
  private final Tensor x = Tensor.randn(8).synchronize();
  private final Tensor y = Tensor.randn(8).synchronize();
  private final Tensor w = Tensor.randn(8).synchronize().requiresGrad_();

  /** Two tensors added, left pending. */
  @Benchmark
  public Tensor addPending() {
    return x.add(y);
  }

  /** Two tensors added and computed, in a memory scope. */
  @Benchmark
  public Tensor addComputed() {
    try (var _ = MemoryScope.open()) {
      return x.add(y).synchronize();
    }
  }

  /** An addition that the tape records. */
  @Benchmark
  public Tensor addRecorded() {
    return w.add(y);
  }

  /** Forward and backward through one product and one sum. */
  @Benchmark
  public Tensor forwardAndBackward() {
    try (var _ = MemoryScope.open()) {
      Tensor s = w.mul(y).sum();
      s.backward();
      w.zeroGrad();
      return s;
    }
  }
}
