package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The elements repeated as on a circle, along the last axis. */
public final class CircularPad1d extends Parameterless {
  /** The same amount on every side. */
  public CircularPad1d(int amount) {
    this(amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public CircularPad1d(int left, int right) {
    super(x -> Padding.circular(x, left, right), Text.tuple(left, right));
  }
}
