package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** softmax(-x) along an axis. */
public final class Softmin extends Parameterless {
  /** Along {@code axis}; negative counts from the end. */
  public Softmin(int axis) {
    super(x -> Activations.softmin(x, axis), "dim=" + axis);
  }
}
