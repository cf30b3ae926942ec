package org.cotangent.cpu.vector;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A vector loop that is not used before it is compiled.
 *
 * <p>Interpreted, a vector operation allocates and takes microseconds, so that the first calls of a loop would take a thousand times as
 * long as they should. A scalar loop with the same bits serves meanwhile; once {@value #INTEREST} elements went through it, a background
 * thread rehearses the vector loop on data of its own until it is fast, and then it takes over. In a process without the optimising
 * compiler it never does.
 */
abstract class Warming {
  /** Elements after which a loop is worth compiling. */
  static final int INTEREST = 1 << 14;

  /** Elements of a rehearsal: enough that the loop's body counts, few enough that calls trigger the compiler as well. */
  static final int REHEARSAL = 512;

  private static final int STREAK = 100;
  private static final long FAST_NANOS = 8L * REHEARSAL;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** One daemon thread, which ends when it has nothing to do. */
  private static final Executor THREAD = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
    Thread thread = new Thread(task, "cotangent-vector-warming");
    thread.setDaemon(true);
    return thread;
  });

  private volatile boolean ready;
  private boolean asked;
  private int seen;

  /** Whether the vector loop is to be used. */
  final boolean ready() {
    return ready;
  }

  /** Counts elements that went through the scalar loop. Lost updates of the count only put the rehearsal off. */
  final void saw(int n) {
    if (seen < INTEREST) {
      seen = Math.min(seen, INTEREST) + Math.min(n, INTEREST);
      return;
    }
    synchronized (this) {
      if (asked) return;
      asked = true;
    }
    THREAD.execute(this::rehearseUntilFast);
  }

  /** Runs the vector loop once over {@link #REHEARSAL} elements. */
  abstract void rehearse();

  private void rehearseUntilFast() {
    long start = System.nanoTime(), last = start;
    for (int streak = 0; streak < STREAK && last - start < PATIENCE_NANOS; ) {
      rehearse();
      long now = System.nanoTime();
      streak = now - last < FAST_NANOS ? streak + 1 : Math.max(0, streak - 1);
      last = now;
      if (streak == STREAK) ready = true;
    }
  }
}
