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
 * thread rehearses the vector loop on data of its own until it is fast, and then it takes over. Loops that wait take turns, so that a long
 * one, which the compiler takes long for, does not hold up a short one. In a process without the optimising compiler none ever takes over.
 */
abstract class Warming {
  /** Elements after which a loop is worth compiling. */
  static final int INTEREST = 1 << 14;

  /**
   * Elements of a first rehearsal: some vectors and a few elements more. A loop that never had a remainder is compiled for there being none, and
   * thrown away at its first use with one; until it is compiled again it takes thirty times as long.
   */
  static final int FEW = 64 + 7;

  /**
   * Rehearsals of no elements before each of {@link #FEW}. It is calls that make the compiler start, some thousand of them; a cold vector
   * costs microseconds, and worse, thousands of cold vectors would have the compiler busy with the inside of the Vector API. One call in
   * some hundred with elements is enough for it to see that the loop is used.
   */
  private static final int EMPTY = 200;

  /** Elements of a rehearsal that shows whether the loop is fast. */
  static final int MANY = 512 + 7;

  /** Fast rehearsals in a row, of few elements and then of many, that make a loop ready. */
  private static final int STREAK = 100;
  /** An element in no more than this is fast. */
  private static final long FAST_NANOS = 8;
  private static final long TURN_NANOS = 2_000_000;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** One daemon thread, which ends when it has nothing to do. */
  private static final Executor THREAD = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
    Thread thread = new Thread(task, "cotangent-vector-warming");
    thread.setDaemon(true);
    return thread;
  });

  private volatile boolean ready;
  private boolean asked;
  private int streak;
  private long spent;
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
    THREAD.execute(this::turn);
  }

  /** Runs the vector loop once over {@code n} elements: none, {@link #FEW} or {@link #MANY}. */
  abstract void rehearse(int n);

  /** Rehearses for a while, and queues up again where that was not enough. */
  private void turn() {
    long start = System.nanoTime(), now = start;
    while (streak < 2 * STREAK && now - start < TURN_NANOS) {
      int n = streak < STREAK ? FEW : MANY;
      for (int i = 0; i < EMPTY; i++) rehearse(0);
      long last = System.nanoTime();
      rehearse(n);
      now = System.nanoTime();
      streak = now - last < FAST_NANOS * n ? streak + 1 : Math.max(0, streak - 1);
    }
    spent += now - start;
    if (streak == 2 * STREAK) {
      ready = true;
    } else if (spent < PATIENCE_NANOS) {
      THREAD.execute(this::turn);
    }
  }
}
