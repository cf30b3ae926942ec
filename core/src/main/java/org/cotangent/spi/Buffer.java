package org.cotangent.spi;

import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Device;

/** Storage of a device: a row of elements of one type. Many tensors may share one. */
public interface Buffer {
  /** Type of the elements. */
  DType dtype();

  /** Number of elements. */
  long size();

  /** Where it lives. */
  Device device();

  /** Returns the storage to the device; later use is refused. A second call does nothing. */
  void free();

  /** Whether {@link #free} was called. */
  boolean freed();

  /** Number of writes by others than the engine; see {@link #written}. */
  int version();

  /** Records that somebody other than the engine wrote here, so that saved values can be refused. */
  void written();

  /** The Java array underneath, if the storage is one: shared, not copied; the buffer is then never recycled. */
  Optional<Object> array();

  /** What memory scopes noted here last, 0 at first: for {@link org.cotangent.MemoryScope} alone, a backend only keeps it. */
  int tenure();

  /** Keeps a note of memory scopes. */
  void tenure(int note);

  /** Whether somebody outside the engine holds the storage, and may write to it. */
  default boolean exported() {
    return false;
  }
}
