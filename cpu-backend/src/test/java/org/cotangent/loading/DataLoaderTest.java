package org.cotangent.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import org.cotangent.Tensor;
import org.cotangent.data.Batch;
import org.cotangent.data.DataLoader;
import org.cotangent.data.TensorDataset;
import org.cotangent.errors.ArgumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class DataLoaderTest {
  private static DataLoader loader(int n) {
    return DataLoader.of(TensorDataset.of(Tensor.arange(n), Tensor.arange(n).neg()));
  }

  /** The numbers of the examples of an epoch in their order, with -1 behind each batch. */
  private static List<Long> numbers(Iterable<Batch> batches) {
    List<Long> found = new ArrayList<>();
    for (Batch b : batches) {
      long[] x = b.x().toLongArray();
      assertThat(b.y().neg().toLongArray()).isEqualTo(x);
      LongStream.of(x).forEach(found::add);
      found.add(-1L);
    }
    return found;
  }

  private static long[] upTo(long n) {
    return LongStream.range(0, n).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void goesThroughTheDatasetInOrder(int prefetch) {
    DataLoader l = loader(5).batchSize(2).prefetch(prefetch);
    assertThat(l.size()).isEqualTo(3);
    for (int epoch = 0; epoch < 2; epoch++) {
      assertThat(numbers(l)).containsExactly(0L, 1L, -1L, 2L, 3L, -1L, 4L, -1L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void dropsTheLastBatchIfItIsSmall(int prefetch) {
    DataLoader l = loader(5).batchSize(2).dropLast().prefetch(prefetch);
    assertThat(l.size()).isEqualTo(2);
    assertThat(numbers(l)).containsExactly(0L, 1L, -1L, 2L, 3L, -1L);
    assertThat(numbers(loader(4).batchSize(2).dropLast())).containsExactly(0L, 1L, -1L, 2L, 3L, -1L);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void visitsEveryExampleOnceInEachEpoch(int prefetch) {
    DataLoader l = loader(103).batchSize(10).shuffle(7).prefetch(prefetch);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(numbers(l).stream().filter(i -> i >= 0).mapToLong(i -> i).toArray()).containsExactlyInAnyOrder(upTo(103));
    }
  }

  @Test
  void shufflesByTheDocumentedAlgorithm() {
    assertThat(numbers(loader(10).batchSize(10).shuffle(42).epoch(0))).containsExactly(2L, 5L, 8L, 0L, 1L, 4L, 7L, 9L, 3L, 6L, -1L);
    assertThat(numbers(loader(10).batchSize(10).shuffle(42).epoch(1))).containsExactly(1L, 6L, 5L, 7L, 2L, 0L, 9L, 4L, 8L, 3L, -1L);
    assertThat(numbers(loader(10).batchSize(10).shuffle(-1).epoch(7))).containsExactly(9L, 5L, 6L, 1L, 0L, 4L, 3L, 8L, 2L, 7L, -1L);
  }

  @Test
  void orderDependsOnSeedAndEpochAlone() {
    DataLoader a = loader(50).batchSize(7).shuffle(1);
    DataLoader b = loader(50).batchSize(7).shuffle(1).prefetch(2);
    Tensor.rand(3);
    List<Long> first = numbers(a);
    List<Long> second = numbers(a);
    assertThat(second).isNotEqualTo(first);
    assertThat(numbers(b)).isEqualTo(first);
    assertThat(numbers(b)).isEqualTo(second);
    assertThat(numbers(a.epoch(0))).isEqualTo(first);
    assertThat(numbers(a.epoch(1))).isEqualTo(second);
    assertThat(numbers(a)).isEqualTo(numbers(b.epoch(2)));
    assertThat(numbers(loader(50).batchSize(7).shuffle(2))).isNotEqualTo(first);
  }

  /** Chi-square of where example 0 lands: 9 degrees of freedom, 0.999 quantile 27.9. */
  @Test
  void shufflesEvenly() {
    int[] times = new int[10];
    int epochs = 5000;
    DataLoader l = loader(10).batchSize(10).shuffle(123);
    for (int e = 0; e < epochs; e++) {
      times[numbers(l.epoch(e)).indexOf(0L)]++;
    }
    double chi = 0;
    for (int t : times) {
      chi += (t - epochs / 10.0) * (t - epochs / 10.0) / (epochs / 10.0);
    }
    assertThat(chi).isLessThan(27.9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void hasNoBatchesOfNothing(int prefetch) {
    DataLoader l = loader(0).batchSize(3).shuffle(1).prefetch(prefetch);
    assertThat(l.size()).isZero();
    assertThat(l).isEmpty();
    assertThatThrownBy(() -> l.iterator().next()).isInstanceOf(NoSuchElementException.class).hasMessage("loader: the epoch is over");
  }

  @Test
  void givesOneBatchWhereItIsBiggerThanTheDataset() {
    assertThat(numbers(loader(3).batchSize(Integer.MAX_VALUE))).containsExactly(0L, 1L, 2L, -1L);
    assertThat(loader(3).batchSize(Integer.MAX_VALUE).size()).isOne();
    assertThat(loader(3).batchSize(4).dropLast()).isEmpty();
  }

  @Test
  void givesSingleExamplesUnlessTold() {
    assertThat(numbers(loader(2))).containsExactly(0L, -1L, 1L, -1L);
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> loader(3).batchSize(0))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("loader: a batch of 0 examples; it needs 1 at least");
    assertThatThrownBy(() -> loader(3).prefetch(-1)).isInstanceOf(ArgumentException.class).hasMessage("loader: cannot prefetch -1 batches");
    assertThatThrownBy(() -> loader(3).epoch(-1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("loader: no epoch -1; they count from 0");
  }

  @Test
  void askingTwiceWhetherThereIsMoreChangesNothing() {
    Iterator<Batch> i = loader(2).prefetch(1).iterator();
    assertThat(i.hasNext()).isTrue();
    assertThat(i.hasNext()).isTrue();
    i.next();
    i.next();
    assertThat(i.hasNext()).isFalse();
    assertThatThrownBy(i::next).isInstanceOf(NoSuchElementException.class);
  }
}
