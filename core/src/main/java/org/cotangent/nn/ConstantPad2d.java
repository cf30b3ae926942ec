package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The value around x, along the last two axes. */
public final class ConstantPad2d extends Parameterless {
  /** The same amount on every side. */
  public ConstantPad2d(int amount, double value) {
    this(amount, amount, amount, amount, value);
  }

  /** These amounts; a negative one removes elements. */
  public ConstantPad2d(int left, int right, int top, int bottom, double value) {
    super(x -> Padding.constant(x, value, left, right, top, bottom), "padding=" + Text.tuple(left, right, top, bottom) + ", value="
        + Text.number(value));
  }
}
