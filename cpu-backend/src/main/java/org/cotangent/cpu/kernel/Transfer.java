package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Between Java arrays and buffers. */
public final class Transfer {
  private Transfer() {}

  /**
   * A buffer with an array's contents, or on the array itself. Bytes for bool other than 0 become 1 when copied; a shared array must hold 0 and 1.
   *
   * @throws IllegalArgumentException if the array is not of the dtype's kind
   */
  public static HeapBuffer upload(Heap heap, DType dtype, Object array, boolean share) {
    int n = Heap.length(dtype, array);
    if (share) {
      return heap.share(dtype, array);
    }
    HeapBuffer b = heap.allocate(dtype, n);
    if (dtype == DType.BOOL) {
      normalise((byte[]) array, (byte[]) b.data(), n);
    } else {
      System.arraycopy(array, 0, b.data(), 0, n);
    }
    return b;
  }

  private static void normalise(byte[] x, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (x[i] != 0 ? 1 : 0);
    }
  }

  /**
   * Copies the elements, in row-major order, to the front of an array.
   *
   * @throws IllegalArgumentException if the array is not of the dtype's kind or too short
   */
  public static void download(Pool pool, Operand from, Object array) {
    long n = from.layout().size();
    if (Heap.length(from.dtype(), array) < n) {
      throw new IllegalArgumentException("download: " + n + " elements do not fit the array");
    }
    if (n == 0) {
      return;
    }
    Object x = HeapBuffer.data(from);
    Geometry g = Geometry.of(from.layout(), Layout.dense(from.layout().dims()));
    Copy.copy(pool, Kind.of(from.dtype()), x, array, g);
  }
}
