package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The elements repeated as on a circle, along the last three axes. */
public final class CircularPad3d extends Parameterless {
  /** The same amount on every side. */
  public CircularPad3d(int amount) {
    this(amount, amount, amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public CircularPad3d(int left, int right, int top, int bottom, int front, int back) {
    super(x -> Padding.circular(x, left, right, top, bottom, front, back), Text.tuple(left, right, top, bottom, front, back));
  }
}
