package org.cotangent.transform;

import org.cotangent.DType;
import org.cotangent.errors.MemoryException;

/** Java arrays of an element type's kind. */
public final class HostArray {
  private HostArray() {}

  /** An array for {@code n} elements: byte, short (also for the bits of float16 and bfloat16), int, long, float or double. */
  public static Object of(DType t, long n) {
    if (n > Integer.MAX_VALUE - 8) {
      throw new MemoryException("array: " + n + " elements do not fit a Java array");
    }
    int k = (int) n;
    return switch (t) {
      case BOOL, UINT8, INT8 -> new byte[k];
      case INT16, FLOAT16, BFLOAT16 -> new short[k];
      case INT32 -> new int[k];
      case INT64 -> new long[k];
      case FLOAT32 -> new float[k];
      case FLOAT64 -> new double[k];
    };
  }
}
