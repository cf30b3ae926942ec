package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The value around x, along the last three axes. */
public final class ConstantPad3d extends Parameterless {
  /** The same amount on every side. */
  public ConstantPad3d(int amount, double value) {
    this(amount, amount, amount, amount, amount, amount, value);
  }

  /** These amounts; a negative one removes elements. */
  public ConstantPad3d(int left, int right, int top, int bottom, int front, int back, double value) {
    super(x -> Padding.constant(x, value, left, right, top, bottom, front, back), "padding=" + Text.tuple(left, right, top, bottom, front,
        back) + ", value=" + Text.number(value));
  }
}
