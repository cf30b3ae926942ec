package org.cotangent.cuda.driver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Free blocks that one stream may take without waiting: those whose last use is on that stream, or which it has been made to wait for.
 * A captured graph has a pool of its own, which nobody else takes from. Guarded by the allocator's lock.
 */
final class Pool {
  /** Requests up to this size share segments of {@link #SMALL_SEGMENT}, so that they do not cut up large ones. */
  static final long SMALL = 1L << 20;
  static final long SMALL_SEGMENT = 2L << 20;
  /** Requests up to this size share segments of {@link #MEDIUM_SEGMENT}. */
  static final long MEDIUM = 10L << 20;
  static final long MEDIUM_SEGMENT = 20L << 20;
  /** Sizes are multiples of this, which is more than any kernel's alignment. */
  static final long GRAIN = 512;
  private static final long LARGE_GRAIN = 2L << 20;

  private static final Comparator<Block> BY_SIZE = Comparator.comparingLong(Block::bytes).thenComparingLong(Block::address);

  private final TreeSet<Block> small = new TreeSet<>(BY_SIZE);
  private final TreeSet<Block> large = new TreeSet<>(BY_SIZE);
  private final Stream stream;
  private boolean closed;

  Pool(Stream stream) {
    this.stream = stream;
  }

  Stream stream() {
    return stream;
  }

  /** Marks that nothing will be taken any more. */
  void close() {
    closed = true;
  }

  boolean closed() {
    return closed;
  }

  /** The size of the block for a request. */
  static long rounded(long bytes) {
    return Math.max(GRAIN, (bytes + GRAIN - 1) / GRAIN * GRAIN);
  }

  /** The size of the segment to ask the driver for, to serve a block of this size. */
  static long segment(long rounded) {
    return rounded <= SMALL ? SMALL_SEGMENT : rounded < MEDIUM ? MEDIUM_SEGMENT : (rounded + LARGE_GRAIN - 1) / LARGE_GRAIN * LARGE_GRAIN;
  }

  private TreeSet<Block> blocks(boolean ofSmall) {
    return ofSmall ? small : large;
  }

  /** The smallest free block that holds {@code rounded} bytes, cut to size; null if there is none. */
  Block take(long rounded) {
    TreeSet<Block> set = blocks(rounded <= SMALL);
    Block best = set.ceiling(new Block(null, 0, rounded));
    if (best == null) {
      return null;
    }
    set.remove(best);
    best.free(false);
    long rest = best.bytes() - rounded;
    if (rest >= (set == small ? GRAIN : SMALL + 1)) {
      Block cut = best.split(rounded);
      cut.free(true);
      set.add(cut);
    }
    return best;
  }

  /** Adds a free block, merged with its free neighbours. */
  void give(Block block) {
    TreeSet<Block> set = blocks(block.segment().small());
    Block b = block;
    Block next = b.freeAfter();
    if (next != null) {
      set.remove(next);
      b.absorbAfter();
    }
    Block previous = b.freeBefore();
    if (previous != null) {
      set.remove(previous);
      previous.absorbAfter();
      b = previous;
    }
    b.free(true);
    set.add(b);
  }

  /** Removes and returns the segments that are entirely free. */
  List<Block> removeWhole() {
    var whole = new ArrayList<Block>();
    for (TreeSet<Block> set : List.of(small, large)) {
      set.removeIf(b -> b.whole() && whole.add(b));
    }
    return whole;
  }
}
