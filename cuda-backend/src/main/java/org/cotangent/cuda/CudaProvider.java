package org.cotangent.cuda;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.cotangent.cuda.driver.CudaDevice;
import org.cotangent.cuda.driver.Discovery;
import org.cotangent.cuda.driver.Nccl;
import org.cotangent.spi.Backend;
import org.cotangent.spi.BackendProvider;
import org.cotangent.spi.Collective;

/** The CUDA devices of this machine. */
public final class CudaProvider implements BackendProvider {
  private static final ConcurrentHashMap<Integer, CudaBackend> BACKENDS = new ConcurrentHashMap<>();

  @Override
  public String type() {
    return "cuda";
  }

  @Override
  public Optional<String> unavailable() {
    return Discovery.here().unavailable();
  }

  @Override
  public int count() {
    return Discovery.here().count();
  }

  /** By NCCL, where its library is found. */
  @Override
  public Collective collective(List<Integer> indices) {
    return Nccl.of(indices.stream().map(CudaDevice::of).toList());
  }

  @Override
  public Backend backend(int index) {
    return BACKENDS.computeIfAbsent(index, i -> new CudaBackend(CudaDevice.of(i)));
  }
}
