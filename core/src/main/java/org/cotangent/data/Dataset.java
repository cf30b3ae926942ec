package org.cotangent.data;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.IndexException;

/**
 * Examples by number, fetched many at a time. A program's own dataset implements {@link #size} and {@link #get}; {@link TensorDataset}
 * holds examples that are tensors already.
 */
public interface Dataset {
  /** Number of examples. */
  int size();

  /**
   * The examples of these numbers, in this order, as one batch: example {@code indices[k]} stands at position k of every field's axis 0.
   * A {@link DataLoader} asks from one thread at a time.
   *
   * @throws IndexException if a number is negative or not below {@link #size}
   */
  Batch get(int... indices);

  /**
   * The first half of {@link #get}: does what takes long, on whatever thread calls, and returns the rest, which is to be run once and
   * makes the tensors, so that they belong to the {@link org.cotangent.MemoryScope} of the thread that runs it.
   *
   * <p>This implementation makes the whole batch at once. Its tensors then belong to the scope of the thread that prepares: to none
   * when a {@link DataLoader} prefetches, which leaves their storage to the garbage collector. Override it where that is not good
   * enough: read and decode into Java arrays here, and make tensors of them in what is returned.
   *
   * @throws IndexException if a number is negative or not below {@link #size}
   */
  default Supplier<Batch> prepare(int... indices) {
    Batch batch = get(indices);
    batch.fields().forEach(Tensor::synchronize);
    return () -> batch;
  }

  /** This dataset with {@code f} applied to every batch, on the thread that takes the batch. */
  default Dataset map(UnaryOperator<Batch> f) {
    return new MappedDataset(this, f);
  }

  /**
   * The examples of these numbers, numbered anew from 0; numbers may repeat.
   *
   * @throws IndexException if a number is negative or not below {@link #size}
   */
  default Dataset subset(int... indices) {
    return new Subset(this, indices);
  }

  /**
   * Examples {@code from} (inclusive) to {@code to} (exclusive), numbered anew from 0.
   *
   * @throws ArgumentException unless 0 ≤ from ≤ to ≤ size
   */
  default Dataset range(int from, int to) {
    if (from < 0 || to < from || to > size()) {
      throw new ArgumentException("range: no examples " + from + " to " + to + " among " + size());
    }
    return new Subset(this, IntStream.range(from, to).toArray());
  }

  /**
   * All examples in an order that only {@code seed} decides, that of {@link DataLoader#shuffle}'s epoch 0. Before {@link #range}, it
   * makes a random split.
   */
  default Dataset shuffled(long seed) {
    return new Subset(this, Order.shuffled(size(), seed, 0));
  }
}
