package org.cotangent.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.data.Batch;
import org.cotangent.data.DataLoader;
import org.cotangent.data.Dataset;
import org.cotangent.data.TensorDataset;
import org.cotangent.errors.FreedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PrefetchTest {
  /** Ten examples, and a record of who asked for them. */
  private static class Observed implements Dataset {
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final ConcurrentLinkedQueue<Integer> asked = new ConcurrentLinkedQueue<>();
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();

    @Override
    public int size() {
      return 10;
    }

    @Override
    public Batch get(int... indices) {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      try {
        threads.add(Thread.currentThread());
        asked.add(indices[0]);
        before(indices[0]);
        return Batch.of(Tensor.of(indices));
      } finally {
        inside.decrementAndGet();
      }
    }

    void before(int index) {}
  }

  @Test
  void preparesInTheBackgroundOneAtATimeAndInOrder() {
    Observed d = new Observed();
    int k = 0;
    for (Batch b : DataLoader.of(d).prefetch(3)) {
      assertThat(b.x().item()).isEqualTo(k++);
    }
    assertThat(d.asked).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(d.most).hasValue(1);
    assertThat(d.threads).doesNotContain(Thread.currentThread()).allMatch(Thread::isVirtual);
  }

  @Test
  void usesTheCallersThreadWithoutPrefetch() {
    Observed d = new Observed();
    DataLoader.of(d).forEach(b -> {});
    assertThat(d.threads).containsExactly(Thread.currentThread());
  }

  @Test
  void worksWhileTheProgramDoes() throws InterruptedException {
    var prepared = new Semaphore(0);
    Observed d = new Observed() {
      @Override
      void before(int index) {
        prepared.release();
      }
    };
    Iterator<Batch> i = DataLoader.of(d).prefetch(2).iterator();
    i.next();
    assertThat(prepared.tryAcquire(3, 20, TimeUnit.SECONDS)).as("batch 0 and two ahead").isTrue();
    assertThat(prepared.tryAcquire(50, TimeUnit.MILLISECONDS)).as("no more than two ahead").isFalse();
    i.next();
    assertThat(prepared.tryAcquire(20, TimeUnit.SECONDS)).as("one more ahead").isTrue();
  }

  /** A batch that fails does so in its own turn, with its own exception; those around it arrive. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 20})
  void failsInItsTurn(int prefetch) {
    var reason = new IllegalStateException("example 3 cannot be read");
    Observed d = new Observed() {
      @Override
      void before(int index) {
        if (index == 3) {
          throw reason;
        }
      }
    };
    Iterator<Batch> i = DataLoader.of(d).prefetch(prefetch).iterator();
    for (int k = 0; k < 10; k++) {
      assertThat(i.hasNext()).isTrue();
      if (k == 3) {
        assertThatThrownBy(i::next).isSameAs(reason);
      } else {
        assertThat(i.next().x().item()).isEqualTo(k);
      }
    }
    assertThat(i.hasNext()).isFalse();
  }

  @Test
  void handsOnErrors() {
    Observed d = new Observed() {
      @Override
      void before(int index) {
        throw new AssertionError("broken");
      }
    };
    assertThatThrownBy(DataLoader.of(d).prefetch(1).iterator()::next).isInstanceOf(AssertionError.class).hasMessage("broken");
  }

  @Test
  void leavesNoThreadBehindWhenAbandoned() throws InterruptedException {
    var go = new CountDownLatch(1);
    Observed d = new Observed() {
      @Override
      void before(int index) {
        if (index > 0) {
          await(go);
        }
      }
    };
    for (Batch b : DataLoader.of(d).prefetch(3)) {
      assertThat(b.size()).isOne();
      break;
    }
    go.countDown();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while ((d.asked.size() < 4 || d.inside.get() > 0) && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    for (Thread t : d.threads) {
      assertThat(t.join(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(d.asked).as("what was started, and no more").containsExactly(0, 1, 2, 3);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void startsNothingBeforeTheFirstBatchIsAskedFor() {
    Observed d = new Observed();
    assertThat(DataLoader.of(d).prefetch(2).iterator().hasNext()).isTrue();
    assertThat(d.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void givesTheTensorsOfATensorDatasetToTheScopeOfTheCaller(int prefetch) {
    Iterator<Batch> i = DataLoader.of(TensorDataset.of(Tensor.randn(6, 2), Tensor.arange(6))).batchSize(2).prefetch(prefetch).iterator();
    Batch inside;
    try (var scope = MemoryScope.open()) {
      inside = i.next();
      assertThat(scope.live()).isEqualTo(2);
    }
    Batch outside = i.next();
    assertThatThrownBy(() -> inside.x().toArray()).isInstanceOf(FreedException.class);
    assertThat(outside.y().toLongArray()).containsExactly(2, 3);
  }

  @Test
  void leavesTensorsOfOtherDatasetsToTheCollector() {
    Batch b;
    try (var scope = MemoryScope.open()) {
      b = DataLoader.of(new Observed()).prefetch(1).iterator().next();
      assertThat(scope.live()).isZero();
    }
    assertThat(b.x().item()).isZero();
  }

  @Test
  void mapsOnTheThreadOfTheCaller() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Dataset d = TensorDataset.of(Tensor.arange(6)).map(b -> {
      threads.add(Thread.currentThread());
      return b.map(t -> t.mul(2));
    });
    long sum = 0;
    for (Batch b : DataLoader.of(d).prefetch(2)) {
      sum += b.x().itemLong();
    }
    assertThat(sum).isEqualTo(30);
    assertThat(threads).containsExactly(Thread.currentThread());
  }
}
