package org.cotangent.cpu;

import java.util.Optional;
import org.cotangent.spi.Backend;
import org.cotangent.spi.BackendProvider;

/** The host processor, which is always there. */
public final class CpuProvider implements BackendProvider {
  private static final class Only {
    static final CpuBackend BACKEND = new CpuBackend(Pool.shared());
  }

  @Override
  public String type() {
    return "cpu";
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public Backend backend(int index) {
    if (index != 0) {
      throw new IndexOutOfBoundsException("cpu: there is one device, not number " + index);
    }
    return Only.BACKEND;
  }
}
