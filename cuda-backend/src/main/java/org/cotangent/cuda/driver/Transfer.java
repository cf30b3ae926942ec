package org.cotangent.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.driver.JCudaDriver;
import org.cotangent.DType;
import org.cotangent.errors.ArgumentException;

/** Copies between Java arrays and the device, in pieces through page-locked memory. */
final class Transfer {
  private final Staging staging;

  Transfer(Context context) {
    staging = new Staging(context);
  }

  /** Fills a buffer; the array may be changed once this returns, the device may not have copied yet. */
  void upload(DeviceBuffer to, Object array, Stream stream) {
    MemorySegment from = elements(to.dtype(), array, to.size());
    long address = to.use(stream, 0, true, "upload");
    long all = to.size() * to.dtype().bytes();
    for (long at = 0; at < all; ) {
      long bytes = Math.min(all - at, Staging.largest());
      Staging.Piece piece = staging.take(bytes);
      MemorySegment.copy(from, at, piece.memory(), 0, bytes);
      if (to.dtype() == DType.BOOL) {
        Staging.normalise(piece.memory(), bytes);
      }
      int status = JCudaDriver.cuMemcpyHtoDAsync(Address.device(address + at), piece.pointer(), bytes, stream.handle());
      staging.give(piece, stream); // also after a failure, which used nothing of it
      stream.context().check(status, "upload", "cuMemcpyHtoDAsync", () -> bytes + " bytes to " + to);
      at += bytes;
    }
  }

  /** Reads elements once everything queued before is done, and raises what that work found. */
  void download(DeviceBuffer from, long first, long count, Object array, Stream stream) {
    stream.refuseInCapture("download");
    MemorySegment to = elements(from.dtype(), array, count);
    long address = from.use(stream, first, false, "download");
    long all = count * from.dtype().bytes();
    for (long at = 0; at < all; ) {
      long bytes = Math.min(all - at, Staging.largest());
      Staging.Piece piece = staging.take(bytes);
      int status = JCudaDriver.cuMemcpyDtoHAsync(piece.pointer(), Address.device(address + at), bytes, stream.handle());
      try {
        stream.context().check(status, "download", "cuMemcpyDtoHAsync", () -> bytes + " bytes of " + from);
        stream.synchronize("download");
        MemorySegment.copy(piece.memory(), 0, to, at, bytes);
      } finally {
        if (!stream.context().faults().lost()) {
          staging.give(piece, stream);
        }
      }
      at += bytes;
    }
    if (all == 0) {
      stream.synchronize("download");
    }
  }

  private static MemorySegment elements(DType dtype, Object array, long count) {
    MemorySegment s = Staging.segment(array);
    if (s.byteSize() < count * dtype.bytes() || array.getClass().getComponentType() != component(dtype)) {
      throw new ArgumentException("copy: " + count + " " + dtype + " elements do not come in a " + array.getClass().getSimpleName() + " of "
          + s.byteSize() + " bytes");
    }
    return s;
  }

  private static Class<?> component(DType dtype) {
    return switch (dtype) {
      case BOOL, UINT8, INT8 -> byte.class;
      case INT16, FLOAT16, BFLOAT16 -> short.class;
      case INT32 -> int.class;
      case INT64 -> long.class;
      case FLOAT32 -> float.class;
      case FLOAT64 -> double.class;
    };
  }
}
