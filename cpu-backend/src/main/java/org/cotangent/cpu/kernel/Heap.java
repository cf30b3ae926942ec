package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.errors.MemoryException;
import org.cotangent.spi.MemoryStats;

/** The allocator of the host: heap arrays, pooled but for small ones, and counted. */
public final class Heap {
  private final Ledger ledger = new Ledger();
  private final ArrayPool pool = new ArrayPool(Runtime.getRuntime().maxMemory() / 4);

  /**
   * A buffer with undefined contents.
   *
   * @throws MemoryException if it is larger than a Java array can be, or than the heap has room for
   */
  public HeapBuffer allocate(DType dtype, long size) {
    if (size > SizeClass.LONGEST) {
      throw new MemoryException("cpu: out of memory: asked " + size + " elements in one buffer; the limit is " + SizeClass.LONGEST);
    }
    Object array = pool.take(Kind.of(dtype), (int) size, ledger);
    return new HeapBuffer(this, dtype, (int) size, array, false);
  }

  /**
   * A buffer on a Java array that others hold too.
   *
   * @throws IllegalArgumentException if the array is not of the dtype's kind
   */
  public HeapBuffer share(DType dtype, Object array) {
    return new HeapBuffer(this, dtype, length(dtype, array), array, true);
  }

  /**
   * The length of an array of the dtype's kind.
   *
   * @throws IllegalArgumentException if it is of another kind
   */
  static int length(DType dtype, Object array) {
    int n = Kind.of(dtype).length(array);
    if (n < 0) {
      throw new IllegalArgumentException(dtype + " elements do not come in a " + array.getClass().getSimpleName());
    }
    return n;
  }

  Ledger ledger() {
    return ledger;
  }

  ArrayPool pool() {
    return pool;
  }

  /** What is live and what is pooled. */
  public MemoryStats stats() {
    return ledger.stats(pool.bytes());
  }

  /** Restarts the peak at what is live now. */
  public void resetPeak() {
    ledger.resetPeak();
  }

  /** Empties the pool. */
  public void emptyCache() {
    pool.clear();
  }
}
