package org.cotangent.testkit;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Device;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.ObservedBackend;
import org.cotangent.spi.Operand;

/**
 * A backend that notes each kernel and lets another one compute it; it stands in for that one until closed.
 *
 * <p>Process-wide while open: tests that use it do not run beside others.
 */
public final class RecordingBackend extends ObservedBackend {
  private final List<String> kernels = new ArrayList<>();
  private final List<GemmCall> gemms = new ArrayList<>();

  private RecordingBackend(Backend real) {
    super(real);
    begin();
  }

  /** Records what {@code device} computes from now on. */
  public static RecordingBackend of(Device device) {
    return new RecordingBackend(Backends.of(device));
  }

  /** Names of the kernels in order. */
  public synchronized List<String> kernels() {
    return List.copyOf(kernels);
  }

  /** The matrix products in order. */
  public synchronized List<GemmCall> gemms() {
    return List.copyOf(gemms);
  }

  /** Forgets what was recorded. */
  public synchronized void clear() {
    kernels.clear();
    gemms.clear();
  }

  @Override
  protected synchronized void kernel(String name, List<Operand> read, List<Operand> written) {
    kernels.add(name);
  }

  @Override
  protected synchronized void product(GemmCall call) {
    kernels.add("gemm");
    gemms.add(call);
  }
}
