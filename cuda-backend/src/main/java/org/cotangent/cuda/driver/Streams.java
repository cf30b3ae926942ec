package org.cotangent.cuda.driver;

import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A stream for each thread. A thread's stream goes to another thread once the first has ended, with its work still in order. */
final class Streams {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Context context;
  private final ArrayDeque<Stream> idle = new ArrayDeque<>();
  private final List<Stream> all = new ArrayList<>();
  private final ThreadLocal<Lease> mine = ThreadLocal.withInitial(this::lease);

  Streams(Context context) {
    this.context = context;
  }

  /** Reachable from its thread alone, so that the cleaner knows when the thread is gone. */
  private static final class Lease {
    private final Stream stream;

    Lease(Stream stream) {
      this.stream = stream;
    }
  }

  /** The calling thread's stream. */
  Stream current() {
    return mine.get().stream;
  }

  private Lease lease() {
    Stream s = take();
    var lease = new Lease(s);
    CLEANER.register(lease, () -> giveBack(s));
    return lease;
  }

  private Stream take() {
    synchronized (this) {
      if (!idle.isEmpty()) {
        return idle.removeFirst();
      }
    }
    return additional();
  }

  /** A stream of no thread, for the caller to keep. */
  Stream additional() {
    var s = new Stream(context);
    synchronized (this) {
      all.add(s);
    }
    return s;
  }

  private synchronized void giveBack(Stream s) {
    idle.addLast(s);
  }

  /** Every stream made so far. */
  synchronized List<Stream> all() {
    return List.copyOf(all);
  }
}
