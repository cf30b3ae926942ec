package org.cotangent.nn;

import org.cotangent.Tensor;

/** Merges axes: [n, a, b] → [n, a · b] by default. */
public final class Flatten extends Layer {
  private final int from;
  private final int to;

  /** Merges all axes but the first. */
  public Flatten() {
    this(1, -1);
  }

  /** Merges axes {@code from} to {@code to}, both included; negative ones count from the end. */
  public Flatten(int from, int to) {
    this.from = from;
    this.to = to;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.flatten(from, to);
  }

  @Override
  protected String settings() {
    return "start_dim=" + from + ", end_dim=" + to;
  }
}
