package org.cotangent.nn;

/** exp(x) / sum(exp(x)) along an axis. */
public final class Softmax extends Parameterless {
  /** Along {@code axis}; negative counts from the end. */
  public Softmax(int axis) {
    super(x -> x.softmax(axis), "dim=" + axis);
  }
}
