package org.cotangent.benchmarks.compare;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.ObservedBackend;
import org.cotangent.spi.Operand;

/** What a piece of work asks of the CPU: kernels by name, products among them, and the bytes of new buffers. */
final class Tally extends ObservedBackend {
  private final Map<String, Integer> kernels = new TreeMap<>();
  private long bytes;

  private Tally() {
    super(Backends.of(Device.CPU));
    begin();
  }

  /** The tally of {@code work}, which ran a few times before, so that what happens once is left out. */
  static Tally of(Runnable work) {
    for (int i = 0; i < 3; i++) {
      work.run();
    }
    try (var tally = new Tally()) {
      work.run();
      return tally;
    }
  }

  /** All calls of the backend, products included. */
  int kernels() {
    return kernels.values().stream().mapToInt(Integer::intValue).sum();
  }

  int products() {
    return kernels.getOrDefault("gemm", 0);
  }

  /** Bytes of the buffers that were asked for. */
  long bytes() {
    return bytes;
  }

  @Override
  public Buffer allocate(DType dtype, long size) {
    bytes += size * dtype.bytes();
    return super.allocate(dtype, size);
  }

  @Override
  protected void kernel(String name, List<Operand> read, List<Operand> written) {
    kernels.merge(name, 1, Integer::sum);
  }

  @Override
  protected void product(GemmCall call) {
    kernels.merge("gemm", 1, Integer::sum);
  }

  @Override
  public String toString() {
    return kernels() + " kernels " + kernels + ", " + bytes + " bytes";
  }
}
