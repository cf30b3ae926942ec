package org.cotangent.spi;

import java.util.Optional;

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
}
