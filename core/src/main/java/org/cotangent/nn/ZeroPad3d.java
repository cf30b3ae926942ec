package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** Zeros around x, along the last three axes. */
public final class ZeroPad3d extends Parameterless {
  /** The same amount on every side. */
  public ZeroPad3d(int amount) {
    this(amount, amount, amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ZeroPad3d(int left, int right, int top, int bottom, int front, int back) {
    super(x -> Padding.constant(x, 0, left, right, top, bottom, front, back), Text.tuple(left, right, top, bottom, front, back));
  }
}
