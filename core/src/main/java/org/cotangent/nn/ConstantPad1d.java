package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The value around x, along the last axis. */
public final class ConstantPad1d extends Parameterless {
  /** The same amount on every side. */
  public ConstantPad1d(int amount, double value) {
    this(amount, amount, value);
  }

  /** These amounts; a negative one removes elements. */
  public ConstantPad1d(int left, int right, double value) {
    super(x -> Padding.constant(x, value, left, right), "padding=" + Text.tuple(left, right) + ", value=" + Text.number(value));
  }
}
