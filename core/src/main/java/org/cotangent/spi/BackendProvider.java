package org.cotangent.spi;

import java.util.List;
import java.util.Optional;
import org.cotangent.errors.DeviceException;

/** Found by {@link java.util.ServiceLoader}; one for each kind of device. */
public interface BackendProvider {
  /** The kind of device: "cpu" or "cuda". */
  String type();

  /** Why no device of this kind can be used, as text for a person; decided before any native class loads. */
  Optional<String> unavailable();

  /** Number of devices; 0 if unavailable. */
  int count();

  /** The backend of device {@code index}; the same object every time. */
  Backend backend(int index);

  /**
   * Devices of these numbers that sum among each other.
   *
   * @throws DeviceException if they cannot, with the remedy
   */
  default Collective collective(List<Integer> indices) {
    throw new DeviceException(type() + ": devices of this kind do not sum among each other; use AllReduce.host()");
  }
}
