package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** Zeros around x, along the last axis. */
public final class ZeroPad1d extends Parameterless {
  /** The same amount on every side. */
  public ZeroPad1d(int amount) {
    this(amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ZeroPad1d(int left, int right) {
    super(x -> Padding.constant(x, 0, left, right), Text.tuple(left, right));
  }
}
