package org.cotangent.nn;

import org.cotangent.Tensor;

/** exp(x) / sum(exp(x)) along an axis. */
public final class Softmax extends Layer {
  private final int axis;

  /** Along {@code axis}; negative counts from the end. */
  public Softmax(int axis) {
    this.axis = axis;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.softmax(axis);
  }

  @Override
  protected String settings() {
    return "dim=" + axis;
  }
}
