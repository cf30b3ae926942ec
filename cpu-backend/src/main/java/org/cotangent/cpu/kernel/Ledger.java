package org.cotangent.cpu.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.cotangent.spi.MemoryStats;

/**
 * Counts of what is allocated.
 *
 * <p>Exact for buffers that are freed. Those that merely become unreachable leave the counts some time after the garbage collector found them:
 * every buffer holds a page, the page counts what its buffers hold, and one cleaner action a page subtracts what was never freed. A large buffer
 * has a page of its own; small ones share one among {@value #SHARED}, so that counting them costs nearly nothing, and stay counted until all of
 * that page are unreachable.
 *
 * <p>A thread counts in a till of its own, without atomic operations, what it allocates and what of that it frees itself; the rest is counted
 * for all. While several threads allocate, the peak is that of the moments at which one of them looked.
 */
final class Ledger {
  private static final int SHARED = 64;
  private static final long OWN_PAGE_BYTES = 64 * 1024;
  private static final Cleaner CLEANER = Cleaner.create();

  /** In a count of what is held: one buffer; bytes are in the bits below, up to a TiB. */
  private static final long BUFFER = 1L << 40;

  private final ThreadLocal<Till> own = ThreadLocal.withInitial(this::till);
  private volatile Till[] tills = {};
  /** What was freed by others than the thread that allocated it, as a negative count. */
  private final AtomicLong others = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();

  /** A count that one thread writes and all read. */
  private static final class Count {
    private static final VarHandle VALUE;

    static {
      try {
        VALUE = MethodHandles.lookup().findVarHandle(Count.class, "value", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private long value;

    long get() {
      return (long) VALUE.getAcquire(this);
    }

    void add(long n) {
      VALUE.setRelease(this, value + n);
    }
  }

  /** The counts of one thread, which another takes over when it has ended. */
  private static final class Till {
    private volatile Thread owner = Thread.currentThread();
    private final Count held = new Count();
    private final Count allocated = new Count();
    /** The page that small buffers go to; it is left to its buffers when it is full. */
    private Page open;

    boolean mine() {
      return owner == Thread.currentThread();
    }
  }

  /** What a group of buffers hold; strongly reachable from each of them. */
  static final class Page {
    private final Till till;
    /** These outlive the page. */
    private final Count held;
    private final AtomicLong freed;
    private int room = SHARED;

    Page(Till till, Count held, AtomicLong freed) {
      this.till = till;
      this.held = held;
      this.freed = freed;
    }
  }

  private synchronized Till till() {
    for (Till t : tills) {
      if (!t.owner.isAlive()) {
        t.owner = Thread.currentThread();
        return t;
      }
    }
    Till fresh = new Till();
    Till[] all = Arrays.copyOf(tills, tills.length + 1);
    all[tills.length] = fresh;
    tills = all;
    return fresh;
  }

  /** Counts a buffer; the buffer must keep the page and give it to {@link #remove}. */
  Page add(long bytes) {
    Till till = own.get();
    Page page = page(till, bytes);
    page.held.add(BUFFER + bytes);
    till.allocated.add(1);
    till.held.add(BUFFER + bytes);
    long now = bytes(live());
    if (now > peak.get()) {
      peak.accumulateAndGet(now, Math::max);
    }
    return page;
  }

  private Page page(Till till, long bytes) {
    if (bytes >= OWN_PAGE_BYTES) {
      return fresh(till);
    }
    Page page = till.open;
    if (page == null || page.room == 0) {
      page = fresh(till);
      till.open = page;
    }
    page.room--;
    return page;
  }

  private Page fresh(Till till) {
    var held = new Count();
    var freed = new AtomicLong();
    var page = new Page(till, held, freed);
    CLEANER.register(page, () -> others.addAndGet(-held.get() - freed.get()));
    return page;
  }

  /** Counts a buffer of the page as freed. */
  void remove(Page page, long bytes) {
    if (page.till.mine()) {
      page.held.add(-BUFFER - bytes);
      page.till.held.add(-BUFFER - bytes);
    } else {
      page.freed.addAndGet(-BUFFER - bytes);
      others.addAndGet(-BUFFER - bytes);
    }
  }

  private long live() {
    long sum = others.get();
    for (Till t : tills) {
      sum += t.held.get();
    }
    return sum;
  }

  private static long bytes(long held) {
    return held & BUFFER - 1;
  }

  private static long buffers(long held) {
    return held >>> 40;
  }

  /** The counts, with {@code pooled} bytes in the pool. */
  MemoryStats stats(long pooled) {
    long now = live();
    long allocated = 0;
    for (Till t : tills) {
      allocated += t.allocated.get();
    }
    return new MemoryStats(buffers(now), bytes(now), peak.get(), pooled, allocated);
  }

  /** Restarts the peak. */
  void resetPeak() {
    peak.set(bytes(live()));
  }

  /** "7.1 of 8.0 GiB in 312 live buffers", of the heap. */
  @Override
  public String toString() {
    long now = live();
    return text(bytes(now)) + " of " + text(Runtime.getRuntime().maxMemory()) + " in " + buffers(now) + " live buffers";
  }

  /** "512 MiB". */
  static String text(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double v = bytes;
    int u = 0;
    for (; v >= 1024 && u < units.length - 1; u++) {
      v /= 1024;
    }
    return String.format(Locale.ROOT, v == Math.rint(v) || v >= 100 ? "%.0f %s" : "%.1f %s", v, units[u]);
  }
}
