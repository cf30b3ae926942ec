package org.cotangent.data;

import java.util.function.Supplier;

/** Some examples of a dataset under new numbers. */
final class Subset implements Dataset {
  private final Dataset of;
  private final int[] members;

  Subset(Dataset of, int... members) {
    Order.check("subset", of.size(), members);
    this.of = of;
    this.members = members.clone();
  }

  @Override
  public int size() {
    return members.length;
  }

  @Override
  public Batch get(int... indices) {
    return of.get(numbers(indices));
  }

  @Override
  public Supplier<Batch> prepare(int... indices) {
    return of.prepare(numbers(indices));
  }

  private int[] numbers(int... indices) {
    Order.check("get", members.length, indices);
    int[] n = new int[indices.length];
    for (int k = 0; k < n.length; k++) {
      n[k] = members[indices[k]];
    }
    return n;
  }
}
