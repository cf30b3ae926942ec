package org.cotangent.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PoolTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyTaskRunsOnce(int threads) {
    try (var pool = new Pool(threads)) {
      for (int tasks : new int[] {0, 1, 2, 3, 7, 100, 10_000}) {
        var runs = new AtomicIntegerArray(tasks);
        pool.forEach(tasks, runs::incrementAndGet);
        for (int i = 0; i < tasks; i++) assertThat(runs.get(i)).isOne();
      }
    }
  }

  @Test
  void workersTakePart() throws InterruptedException {
    try (var pool = new Pool(3)) {
      var together = new CountDownLatch(3);
      pool.forEach(3, i -> {
        together.countDown();
        awaitQuietly(together);
      });
      assertThat(together.getCount()).isZero();
    }
  }

  @Test
  void whatTasksWroteIsVisibleToTheCaller() {
    try (var pool = new Pool(4)) {
      var values = new int[1000];
      for (int round = 1; round < 2000; round++) {
        int now = round;
        pool.forEach(values.length, i -> values[i] = now);
        assertThat(values).containsOnly(now);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void theLowestFailureIsThrownAndTheOthersAreSuppressed(int threads) {
    try (var pool = new Pool(threads)) {
      var ended = new AtomicInteger();
      assertThatThrownBy(() -> pool.forEach(100, i -> {
        ended.incrementAndGet();
        if (i % 30 == 10) throw new IllegalStateException("task " + i);
      })).isInstanceOf(IllegalStateException.class).hasMessage("task 10")
          .satisfies(e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage).contains("task 40", "task 70").hasSize(2));
      assertThat(ended).hasValue(100);
      pool.forEach(100, i -> ended.incrementAndGet());
      assertThat(ended).hasValue(200);
    }
  }

  @Test
  void oneExceptionThrownByAllTasksIsNotItsOwnSuppressed() {
    try (var pool = new Pool(2)) {
      var error = new StackOverflowError("shared");
      assertThatThrownBy(() -> pool.forEach(10, i -> {
        throw error;
      })).isSameAs(error).hasNoSuppressedExceptions();
    }
  }

  @Test
  void nestedCallsRunInside() {
    try (var pool = new Pool(3)) {
      var count = new AtomicInteger();
      pool.forEach(10, i -> pool.forEach(10, j -> pool.forEach(10, l -> count.incrementAndGet())));
      assertThat(count).hasValue(1000);
    }
  }

  @Test
  void manyCallersAtOnce() throws InterruptedException {
    try (var pool = new Pool(3)) {
      var sum = new AtomicLong();
      var callers = new ArrayList<Thread>();
      for (int t = 0; t < 6; t++) {
        callers.add(Thread.ofPlatform().start(() -> {
          for (int round = 0; round < 3000; round++) pool.forEach(5, sum::addAndGet);
        }));
      }
      callers.add(Thread.ofVirtual().start(() -> pool.forEach(5, sum::addAndGet)));
      for (Thread caller : callers) caller.join();
      assertThat(sum).hasValue(10L * (6 * 3000 + 1));
    }
  }

  @Test
  void anInterruptedCallerWaitsAndStaysInterrupted() {
    try (var pool = new Pool(2)) {
      var ended = new AtomicInteger();
      Thread.currentThread().interrupt();
      pool.forEach(2, i -> {
        long until = System.nanoTime() + 2_000_000;
        while (System.nanoTime() < until) Thread.onSpinWait();
        ended.incrementAndGet();
      });
      assertThat(Thread.interrupted()).isTrue();
      assertThat(ended).hasValue(2);
    }
  }

  @Test
  void idleWorkersUseNoProcessorTime() throws InterruptedException {
    try (var pool = new Pool(4)) {
      var workers = ConcurrentHashMap.<Thread>newKeySet();
      for (int i = 0; i < 50; i++) pool.forEach(64, t -> workers.add(Thread.currentThread()));
      workers.remove(Thread.currentThread());
      Thread.sleep(50);
      assertThat(workers).allMatch(w -> w.isDaemon() && w.getState() == Thread.State.WAITING);
    }
  }

  @Test
  void aClosedPoolRunsTasksOnItsCaller() {
    var pool = new Pool(4);
    pool.forEach(10, i -> { });
    pool.close();
    pool.forEach(10, i -> assertThat(Thread.currentThread().getName()).doesNotStartWith("cotangent-"));
  }

  @Test
  void piecesCoverARangeWhateverItsSize() {
    for (long elements : new long[] {1, 63, 64, 1000, 1 << 20, 12_345_678, (1L << 40) + 17}) {
      int pieces = Pool.pieces(elements, 1000);
      assertThat(Pool.start(0, pieces, elements)).isZero();
      assertThat(Pool.start(pieces, pieces, elements)).isEqualTo(elements);
      for (int p = 0; p < pieces; p++) {
        long from = Pool.start(p, pieces, elements);
        assertThat(from % 64).isZero();
        assertThat(Pool.start(p + 1, pieces, elements) - from).isPositive();
      }
    }
    assertThat(Pool.pieces(0, 1000)).isOne();
    assertThat(Pool.pieces(999, 1000)).isOne();
    assertThat(Pool.pieces(2000, 1000)).isEqualTo(2);
  }

  @Test
  void rangesTouchEveryElementOnce() {
    try (var pool = new Pool(3)) {
      for (int elements : new int[] {0, 1, 100, 5000, 100_001}) {
        var touched = new byte[elements];
        pool.forRanges(elements, 500, (from, to) -> {
          for (long i = from; i < to; i++) touched[(int) i]++;
        });
        for (byte b : touched) assertThat(b).isEqualTo((byte) 1);
      }
    }
  }

  @Test
  void aPoolNeedsAThread() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Pool(0)).withMessage("pool: needs at least one thread: 0");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
