package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** x mirrored at its first and last elements, along the last axis. */
public final class ReflectionPad1d extends Parameterless {
  /** The same amount on every side. */
  public ReflectionPad1d(int amount) {
    this(amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ReflectionPad1d(int left, int right) {
    super(x -> Padding.reflect(x, left, right), Text.tuple(left, right));
  }
}
