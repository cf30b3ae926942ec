package org.cotangent.cuda.driver;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.cotangent.errors.FreedException;

/**
 * A buffer's hold on a block of memory, and which streams used it. Separate from {@link DeviceBuffer}, so that a cleaner can give the
 * block back once the buffer is unreachable.
 */
final class Holding {
  private final Allocator allocator;
  /** Empty for no elements. */
  private final Optional<Block> block;
  private final Stream home;
  private final String what;
  /** The stream that wrote last; work there is done before any work queued on {@link #others}. */
  private Stream writer;
  /** The capture count of the context when it was written last. */
  private long written;
  /** Other streams that read since, and so waited for the writer. */
  private final Set<Stream> others = new HashSet<>();
  private boolean freed;

  Holding(Allocator allocator, Optional<Block> block, Stream home, String what) {
    this.allocator = allocator;
    this.block = block;
    this.home = home;
    this.what = what;
    this.writer = home;
    this.written = home.context().epoch().get();
  }

  /** "float32[1024]". */
  String what() {
    return what;
  }

  /** The address for work that is about to be queued on {@code stream}, which waits for what it needs. */
  synchronized long use(DeviceBuffer buffer, Stream stream, boolean writes, String op) {
    if (freed) {
      throw new FreedException(op + ": storage of " + what + " was freed; keep it in the memory scope that made it");
    }
    stream.capture().ifPresent(c -> c.uses(this, buffer, writes));
    if (stream != writer && !others.contains(stream)) {
      order(stream, writer, op);
      others.add(stream);
    }
    if (writes) {
      others.forEach(s -> order(stream, s, op));
      others.clear();
      writer = stream;
      written = stream.context().epoch().get();
    }
    return block.map(Block::address).orElse(0L);
  }

  /** Lets {@code later} wait for {@code earlier}, unless a capture began since: then the device was idle in between. */
  private void order(Stream later, Stream earlier, String op) {
    boolean idleSince = later.capture().isPresent() && written < later.context().epoch().get();
    if (!idleSince) {
      later.waitFor(earlier, op);
    }
  }

  /** The host waited for what was written: nobody else needs to. */
  synchronized void settled() {
    written = -1;
  }

  /** Notes that a graph's replay on {@code stream} writes here; it waits for those that read an earlier replay's result. */
  synchronized void rewritten(Stream stream) {
    if (!freed) {
      if (stream != writer && !others.contains(stream)) {
        order(stream, writer, "replay");
      }
      others.forEach(s -> order(stream, s, "replay"));
      others.clear();
      writer = stream;
      written = stream.context().epoch().get();
    }
  }

  /** Whether the memory belongs to {@code pool}. */
  boolean in(Pool pool) {
    return block.isPresent() && block.get().segment().pool() == pool;
  }

  /** Gives the block back; a second call does nothing. */
  synchronized void release() {
    if (!freed) {
      freed = true;
      others.add(writer);
      others.remove(home);
      allocator.give(block, home, others);
    }
  }

  synchronized boolean freed() {
    return freed;
  }
}
