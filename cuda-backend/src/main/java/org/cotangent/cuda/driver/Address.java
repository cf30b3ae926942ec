package org.cotangent.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;

/** Addresses as numbers, which JCuda's pointers hide. */
final class Address extends CUdeviceptr {
  /** The number that a call wrote here. */
  long value() {
    return getNativePointer() + getByteOffset();
  }

  /** A pointer to a device address. */
  static CUdeviceptr device(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  /** A pointer to host memory outside the heap; the caller keeps the segment. */
  static Host host(MemorySegment segment) {
    return new Host(segment.address());
  }

  /** A stream whose handle can be passed to functions that JCuda does not know. */
  static final class StreamHandle extends CUstream {
    long value() {
      return getNativePointer();
    }
  }

  /** A pointer to host memory. */
  static final class Host extends Pointer {
    Host(long address) {
      super(address);
    }

    Host() {}

    long value() {
      return getNativePointer() + getByteOffset();
    }
  }
}
