package org.cotangent.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Batches that are prepared ahead. Each is one task that ends by itself; a task is started only by {@link #next}, so that no thread
 * waits for a consumer that went away.
 */
final class Prefetching implements Iterator<Batch> {
  private static final Executor BACKGROUND = Thread.ofVirtual().name("cotangent-prefetch-", 0)::start;

  private final Dataset dataset;
  private final List<int[]> parts;
  private final int ahead;
  private final Queue<CompletableFuture<Supplier<Batch>>> running = new ArrayDeque<>();
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private int started;

  Prefetching(Dataset dataset, List<int[]> parts, int ahead) {
    this.dataset = dataset;
    this.parts = parts;
    this.ahead = ahead;
  }

  @Override
  public boolean hasNext() {
    return !running.isEmpty() || started < parts.size();
  }

  /** Waits for the next batch, after starting those that come after it. */
  @Override
  public Batch next() {
    while (started < parts.size() && running.size() <= ahead) {
      start(parts.get(started++));
    }
    CompletableFuture<Supplier<Batch>> head = running.poll();
    if (head == null) {
      throw new NoSuchElementException("loader: the epoch is over");
    }
    return wait(head).get();
  }

  /** After the task before, whether or not that one failed. */
  private void start(int[] indices) {
    CompletableFuture<Supplier<Batch>> task = last.handleAsync((before, failure) -> dataset.prepare(indices), BACKGROUND);
    running.add(task);
    last = task;
  }

  private static Supplier<Batch> wait(CompletableFuture<Supplier<Batch>> task) {
    try {
      return task.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException r -> throw r;
        case Error r -> throw r;
        default -> throw e;
      }
    }
  }
}
