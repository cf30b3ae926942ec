package org.cotangent.cpu.kernel;

import java.lang.ref.Cleaner;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.cotangent.spi.MemoryStats;

/**
 * Counts of what is allocated.
 *
 * <p>Exact for buffers that are freed. Those that merely become unreachable leave the counts some time after the garbage collector found them:
 * every buffer holds a page, the page counts what its buffers hold, and one cleaner action a page subtracts what was never freed. A large buffer
 * has a page of its own; small ones share one among {@value #SHARED}, so that counting them costs nearly nothing, and stay counted until all of
 * that page are unreachable.
 */
final class Ledger {
  private static final int SHARED = 64;
  private static final long OWN_PAGE_BYTES = 64 * 1024;
  private static final Cleaner CLEANER = Cleaner.create();

  /** In a count of what is held: one buffer; bytes are in the bits below, up to a TiB. */
  private static final long BUFFER = 1L << 40;

  private final AtomicLong live = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final LongAdder allocated = new LongAdder();
  /** The page that this thread's small buffers go to; a thread that ends leaves its page to its buffers. */
  private final ThreadLocal<Page> open = new ThreadLocal<>();

  /** What a group of buffers hold; strongly reachable from each of them. */
  static final class Page {
    /** Outlives the page. */
    private final AtomicLong held;
    private int room = SHARED;

    Page(AtomicLong held) {
      this.held = held;
    }
  }

  /** Counts a buffer; the buffer must keep the page and give it to {@link #remove}. */
  Page add(long bytes) {
    Page page = page(bytes);
    page.held.addAndGet(BUFFER + bytes);
    allocated.increment();
    long now = bytes(live.addAndGet(BUFFER + bytes));
    if (now > peak.get()) {
      peak.accumulateAndGet(now, Math::max);
    }
    return page;
  }

  private Page page(long bytes) {
    if (bytes >= OWN_PAGE_BYTES) {
      return fresh();
    }
    Page page = open.get();
    if (page == null || page.room == 0) {
      page = fresh();
      open.set(page);
    }
    page.room--;
    return page;
  }

  private Page fresh() {
    var held = new AtomicLong();
    var page = new Page(held);
    CLEANER.register(page, () -> live.addAndGet(-held.get()));
    return page;
  }

  /** Counts a buffer of the page as freed. */
  void remove(Page page, long bytes) {
    page.held.addAndGet(-BUFFER - bytes);
    live.addAndGet(-BUFFER - bytes);
  }

  private static long bytes(long held) {
    return held & BUFFER - 1;
  }

  private static long buffers(long held) {
    return held >>> 40;
  }

  /** The counts, with {@code pooled} bytes in the pool. */
  MemoryStats stats(long pooled) {
    long now = live.get();
    return new MemoryStats(buffers(now), bytes(now), peak.get(), pooled, allocated.sum());
  }

  /** Restarts the peak. */
  void resetPeak() {
    peak.set(bytes(live.get()));
  }

  /** "7.1 of 8.0 GiB in 312 live buffers", of the heap. */
  @Override
  public String toString() {
    long now = live.get();
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
