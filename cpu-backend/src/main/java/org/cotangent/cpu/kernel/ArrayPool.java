package org.cotangent.cpu.kernel;

import java.lang.ref.SoftReference;
import org.cotangent.errors.MemoryException;

/**
 * Java arrays kept for reuse: a fresh array costs page faults and zeroing, which for a pointwise kernel is several times the work. Of arrays of a
 * page the heap has fresh ones for seconds, each of them a fault, until the collector first comes round.
 *
 * <p>The pool holds at most a quarter of the heap, forgets what was given back longest ago first, and holds it softly, so that it never is
 * the reason for an OutOfMemoryError elsewhere. Thread-safe by one lock, held for some ten nanoseconds.
 */
final class ArrayPool {
  private final long limit;
  private final Entry[][] bins = new Entry[Kind.COUNT][SizeClass.COUNT];
  private final Entry ends = new Entry(null, null, 0);
  private long bytes;

  ArrayPool(long limit) {
    this.limit = limit;
    ends.older = ends;
    ends.newer = ends;
  }

  /** An array in the pool: in the stack of its bin and in the list of all by age. */
  private static final class Entry extends SoftReference<Object> {
    final Kind kind;
    final int sizeClass;
    /** The entries below and above in the bin; the one below is older. */
    Entry below;
    Entry above;
    Entry older;
    Entry newer;

    Entry(Object array, Kind kind, int sizeClass) {
      super(array);
      this.kind = kind;
      this.sizeClass = sizeClass;
    }

    long bytes() {
      return (long) SizeClass.length(sizeClass) * kind.bytes();
    }
  }

  /**
   * An array of {@code kind} with {@code n} elements or somewhat more; undefined contents.
   *
   * @throws MemoryException if the heap has no room even with the pool emptied; {@code live} completes its message
   */
  Object take(Kind kind, int n, Ledger live) {
    if (n < SizeClass.SMALLEST) {
      return kind.array(n);
    }
    int sizeClass = SizeClass.of(n);
    Object found = pop(kind, sizeClass);
    return found != null ? found : fresh(kind, n, SizeClass.length(sizeClass), live);
  }

  private Object fresh(Kind kind, int n, int length, Ledger live) {
    try {
      return kind.array(length);
    } catch (OutOfMemoryError first) {
      clear();
    }
    try {
      return kind.array(length);
    } catch (OutOfMemoryError second) {
      throw new MemoryException("cpu: out of memory: asked " + Ledger.text((long) n * kind.bytes()) + ", " + live);
    }
  }

  private synchronized Object pop(Kind kind, int sizeClass) {
    for (Entry e = bins[kind.ordinal()][sizeClass]; e != null; e = e.below) {
      bins[kind.ordinal()][sizeClass] = e.below;
      if (e.below != null) {
        e.below.above = null;
      }
      unlink(e);
      Object array = e.get();
      if (array != null) {
        return array;
      }
    }
    return null;
  }

  /** Keeps an array that {@link #take} gave, or forgets it. The caller must not touch it again. */
  void give(Kind kind, Object array, int length) {
    if (length < SizeClass.SMALLEST) {
      return;
    }
    int sizeClass = SizeClass.of(length);
    if (SizeClass.length(sizeClass) == length) {
      push(new Entry(array, kind, sizeClass));
    }
  }

  private synchronized void push(Entry e) {
    if (e.bytes() > limit) {
      return;
    }
    while (bytes + e.bytes() > limit) {
      forget(ends.newer);
    }
    Entry[] bin = bins[e.kind.ordinal()];
    e.below = bin[e.sizeClass];
    if (e.below != null) {
      e.below.above = e;
    }
    bin[e.sizeClass] = e;
    e.newer = ends;
    e.older = ends.older;
    ends.older.newer = e;
    ends.older = e;
    bytes += e.bytes();
  }

  /** Drops the oldest entry of all, which is the lowest of its bin. */
  private void forget(Entry oldest) {
    if (oldest.above == null) {
      bins[oldest.kind.ordinal()][oldest.sizeClass] = null;
    } else {
      oldest.above.below = null;
    }
    unlink(oldest);
  }

  private void unlink(Entry e) {
    e.older.newer = e.newer;
    e.newer.older = e.older;
    bytes -= e.bytes();
  }

  /** Forgets all. */
  synchronized void clear() {
    while (ends.newer != ends) {
      forget(ends.newer);
    }
  }

  /** Bytes in the arrays kept; those that the garbage collector took count until they are looked for. */
  synchronized long bytes() {
    return bytes;
  }
}
