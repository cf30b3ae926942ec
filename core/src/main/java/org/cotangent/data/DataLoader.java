package org.cotangent.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.cotangent.errors.ArgumentException;

/**
 * Goes through a dataset in batches. Each iteration is an epoch: every example once.
 *
 * <pre>{@code
 * DataLoader loader = DataLoader.of(TensorDataset.of(x, y)).batchSize(64).shuffle(42).prefetch(2);
 * for (Batch b : loader)
 *   try (var scope = MemoryScope.open()) {
 *     optim.step(crossEntropy(model.apply(b.x()), b.y()));
 *   }
 * }</pre>
 *
 * <p>A loader does not change but for its count of epochs; methods that configure return another loader, whose count starts at 0.
 *
 * <p>A batch that cannot be made throws from its own {@code next()}, also when it was prefetched; the call after goes on with the batch
 * after.
 */
public final class DataLoader implements Iterable<Batch> {
  private final Dataset dataset;
  private final int batchSize;
  private final OptionalLong seed;
  private final boolean dropLast;
  private final int prefetch;
  private final AtomicInteger epochs = new AtomicInteger();

  private DataLoader(Dataset dataset, int batchSize, OptionalLong seed, boolean dropLast, int prefetch) {
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.seed = seed;
    this.dropLast = dropLast;
    this.prefetch = prefetch;
  }

  /** A loader of single examples in the dataset's order. */
  public static DataLoader of(Dataset dataset) {
    return new DataLoader(dataset, 1, OptionalLong.empty(), false, 0);
  }

  /**
   * With {@code n} examples in a batch; the last batch has what remains, unless {@link #dropLast}.
   *
   * @throws ArgumentException if n is not positive
   */
  public DataLoader batchSize(int n) {
    if (n < 1) {
      throw new ArgumentException("loader: a batch of " + n + " examples; it needs 1 at least");
    }
    return new DataLoader(dataset, n, seed, dropLast, prefetch);
  }

  /**
   * With another order of the examples in each epoch, which the seed, the number of the epoch and that of the examples decide alone.
   *
   * <p>The order of epoch e: begin with 0, 1, ..., n - 1; for i from n - 1 down to 1, exchange positions i and
   * floor(w · (i + 1) / 2^64), where w is {@link org.cotangent.spi.Philox#bits64 Philox.bits64}(seed, -1 - e, i), unsigned.
   */
  public DataLoader shuffle(long seed) {
    return new DataLoader(dataset, batchSize, OptionalLong.of(seed), dropLast, prefetch);
  }

  /** Without a last batch that has fewer examples than the others. */
  public DataLoader dropLast() {
    return new DataLoader(dataset, batchSize, seed, true, prefetch);
  }

  /**
   * With up to {@code n} batches prepared in the background while the program works on another; 0 prepares none.
   *
   * <p>{@link Dataset#prepare} runs there, one call at a time and in order, on short-lived virtual threads: an iteration that is
   * abandoned leaves nothing behind. The tensors of {@link TensorDataset} are made in {@code next()} and so belong to the
   * {@link org.cotangent.MemoryScope} that is open there.
   *
   * @throws ArgumentException if n is negative
   */
  public DataLoader prefetch(int n) {
    if (n < 0) {
      throw new ArgumentException("loader: cannot prefetch " + n + " batches");
    }
    return new DataLoader(dataset, batchSize, seed, dropLast, n);
  }

  /** The dataset. */
  public Dataset dataset() {
    return dataset;
  }

  /** Number of batches in an epoch. */
  public int size() {
    return dropLast ? dataset.size() / batchSize : Math.ceilDiv(dataset.size(), batchSize);
  }

  /** Begins the next epoch: the first call gives epoch 0. */
  @Override
  public Iterator<Batch> iterator() {
    return batches(epochs.getAndIncrement());
  }

  /**
   * The epoch of this number, as often as it is iterated over; the loader's own count stays. To resume training after three epochs, go
   * on with epoch 3.
   *
   * @throws ArgumentException if the number is negative
   */
  public Iterable<Batch> epoch(int number) {
    if (number < 0) {
      throw new ArgumentException("loader: no epoch " + number + "; they count from 0");
    }
    return () -> batches(number);
  }

  private Iterator<Batch> batches(int epoch) {
    int n = dataset.size();
    int[] order = seed.isPresent() ? Order.shuffled(n, seed.getAsLong(), epoch) : Order.ascending(n);
    List<int[]> parts =
        IntStream.range(0, size())
            .mapToObj(k -> Arrays.copyOfRange(order, k * batchSize, (int) Math.min(n, (k + 1L) * batchSize)))
            .toList();
    return prefetch == 0 ? new Direct(dataset, parts.iterator()) : new Prefetching(dataset, parts, prefetch);
  }

  /** Batches made when they are asked for. */
  private record Direct(Dataset dataset, Iterator<int[]> parts) implements Iterator<Batch> {
    @Override
    public boolean hasNext() {
      return parts.hasNext();
    }

    @Override
    public Batch next() {
      if (!parts.hasNext()) {
        throw new NoSuchElementException("loader: the epoch is over");
      }
      return dataset.get(parts.next());
    }
  }
}
