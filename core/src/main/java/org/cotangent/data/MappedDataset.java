package org.cotangent.data;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A dataset with a function applied to its batches. */
record MappedDataset(Dataset of, UnaryOperator<Batch> f) implements Dataset {
  @Override
  public int size() {
    return of.size();
  }

  @Override
  public Batch get(int... indices) {
    return f.apply(of.get(indices));
  }

  @Override
  public Supplier<Batch> prepare(int... indices) {
    Supplier<Batch> rest = of.prepare(indices);
    return () -> f.apply(rest.get());
  }
}
