package org.cotangent.cpu;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A small pool of daemon threads that runs numbered tasks; the caller is one of its threads.
 *
 * <p>Workers spin for {@value #SPIN_NANOS} ns after their last task and then park, so that a train of short dispatches costs well under a
 * microsecond each and an idle pool costs nothing. One dispatch at a time has the workers; a call made meanwhile, from inside a task or from
 * another thread, runs its tasks itself, in order: nothing ever waits for a task that has not started, so nothing can deadlock.
 *
 * <p>Which thread runs a task is left to chance. Results do not depend on it where the tasks are the same whatever the number of threads:
 * cut work with {@link #pieces}, never by {@link #threads()}.
 */
public final class Pool implements AutoCloseable {
  /** How long an idle worker, or a caller whose last tasks run elsewhere, spins before it parks. */
  private static final long SPIN_NANOS = 40_000;

  private static final int MAX_PIECES = 4096;
  private static final int PIECE_ALIGNMENT = 64;

  private final int threads;
  private final Worker[] workers;
  private final AtomicBoolean taken = new AtomicBoolean();
  private volatile boolean started;
  private volatile boolean closed;
  private volatile Job current;

  /** A pool of {@code threads} threads, the caller of {@link #forEach} counted; its workers start with the first dispatch. */
  public Pool(int threads) {
    if (threads < 1) throw new IllegalArgumentException("pool: needs at least one thread: " + threads);
    this.threads = threads;
    workers = new Worker[threads - 1];
  }

  /** The pool of the process: {@code -Dcotangent.threads} threads, or one for every processor. It is never closed. */
  public static Pool shared() {
    return Shared.POOL;
  }

  /** The number of threads that may run tasks, the caller among them. */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code body} once for each of 0 to {@code tasks - 1} and returns when all have ended.
   *
   * <p>All tasks run even if one throws; then the exception of the lowest-numbered task that threw is thrown here, with the others suppressed
   * in it.
   */
  public void forEach(int tasks, IntConsumer body) {
    if (tasks <= 0) return;
    if (tasks == 1) {
      body.accept(0);
      return;
    }
    var job = new Job(tasks, body);
    if (threads == 1 || closed || !taken.compareAndSet(false, true)) job.run();
    else dispatch(job);
    job.rethrow();
  }

  /** Runs {@code body} on fixed ranges that cover 0 to {@code elements}, each of {@code grain} elements or more. */
  public void forRanges(long elements, int grain, Range body) {
    if (elements <= 0) return;
    int pieces = pieces(elements, grain);
    if (pieces == 1) body.run(0, elements);
    else forEach(pieces, p -> body.run(start(p, pieces, elements), start(p + 1, pieces, elements)));
  }

  /**
   * The number of pieces to cut {@code elements} into so that each has {@code grain} or more: at least 1, at most {@value #MAX_PIECES}.
   * It depends on the arguments alone, never on the number of threads.
   */
  public static int pieces(long elements, int grain) {
    return Math.clamp(elements / Math.max(1, grain), 1, MAX_PIECES);
  }

  /** The first element of piece {@code piece} of {@code pieces}, a multiple of {@value #PIECE_ALIGNMENT}; for {@code pieces}, the end. */
  public static long start(int piece, int pieces, long elements) {
    if (piece >= pieces) return elements;
    long even = elements / pieces * piece + elements % pieces * piece / pieces;
    return even / PIECE_ALIGNMENT * PIECE_ALIGNMENT;
  }

  /** Ends the workers once they are idle; later dispatches run on their callers. */
  @Override
  public void close() {
    if (this == Shared.POOL) throw new IllegalStateException("pool: the shared pool cannot be closed");
    closed = true;
    if (started) for (Worker worker : workers) LockSupport.unpark(worker);
  }

  private void dispatch(Job job) {
    try {
      if (!started) start();
      current = job;
      wake(0, job);
      job.run();
      job.await();
    } finally {
      current = null;
      taken.set(false);
    }
  }

  /** Starts the workers; the caller holds {@link #taken}. */
  private void start() {
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i);
      workers[i].start();
    }
    started = true;
  }

  /** Wakes workers {@code first} and the next one, where the job has tasks for them; each of them wakes two more. */
  private void wake(int first, Job job) {
    for (int i = first; i < Math.min(first + 2, Math.min(workers.length, job.tasks - 1)); i++) {
      if (workers[i].parked) LockSupport.unpark(workers[i]);
    }
  }

  /** A part of a range of elements. */
  @FunctionalInterface
  public interface Range {
    /** Works on elements {@code from} to {@code to - 1}. */
    void run(long from, long to);
  }

  private static final class Shared {
    static final Pool POOL = new Pool(size());

    private static int size() {
      int given = Integer.getInteger("cotangent.threads", 0);
      return given > 0 ? given : Runtime.getRuntime().availableProcessors();
    }
  }

  /** One dispatch: tasks are handed out by a counter, and another counts those that have ended. */
  private static final class Job {
    final int tasks;
    private final IntConsumer body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile Thread waiter;
    private SortedMap<Integer, Throwable> failures;

    Job(int tasks, IntConsumer body) {
      this.tasks = tasks;
      this.body = body;
    }

    boolean open() {
      return next.get() < tasks;
    }

    void run() {
      int mine = 0;
      for (int task; (task = next.getAndIncrement()) < tasks; mine++) {
        try {
          body.accept(task);
        } catch (RuntimeException | Error e) { // a worker outlives any task, and its caller must hear even of Errors
          failed(task, e);
        }
      }
      if (mine > 0 && ended.addAndGet(mine) == tasks && waiter != null) LockSupport.unpark(waiter);
    }

    void await() {
      if (spin()) return;
      waiter = Thread.currentThread();
      boolean interrupted = false;
      while (ended.get() < tasks) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) Thread.currentThread().interrupt();
    }

    private boolean spin() {
      long from = 0;
      for (int i = 0; ended.get() < tasks; i++) {
        Thread.onSpinWait();
        if (i % 64 != 63) continue;
        long now = System.nanoTime();
        if (from == 0) from = now;
        if (now - from > SPIN_NANOS) return false;
      }
      return true;
    }

    private synchronized void failed(int task, Throwable e) {
      if (failures == null) failures = new TreeMap<>();
      failures.put(task, e);
    }

    /** Throws what the tasks threw, once all have ended. */
    synchronized void rethrow() {
      if (failures == null) return;
      Throwable first = failures.get(failures.firstKey());
      for (Throwable other : failures.values()) if (other != first) first.addSuppressed(other);
      switch (first) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(first);
      }
    }
  }

  private final class Worker extends Thread {
    private final int index;
    volatile boolean parked;

    Worker(int index) {
      super(null, null, "cotangent-" + (index + 1), 0, false);
      this.index = index;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!closed) {
        Job job = spin();
        if (job == null) {
          sleep();
        } else {
          wake(2 * index + 2, job);
          job.run();
        }
      }
    }

    /** The open job, or null when none came within the spinning time. */
    private Job spin() {
      long from = 0;
      for (int i = 0; !closed; i++) {
        Job job = current;
        if (job != null && job.open()) return job;
        Thread.onSpinWait();
        if (i % 64 != 63) continue;
        long now = System.nanoTime();
        if (from == 0) from = now;
        if (now - from > SPIN_NANOS) return null;
      }
      return null;
    }

    private void sleep() {
      parked = true;
      Job job = current;
      if (!closed && (job == null || !job.open())) LockSupport.park(Pool.this);
      parked = false;
      interrupted();
    }
  }
}
