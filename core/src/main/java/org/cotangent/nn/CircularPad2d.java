package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The elements repeated as on a circle, along the last two axes. */
public final class CircularPad2d extends Parameterless {
  /** The same amount on every side. */
  public CircularPad2d(int amount) {
    this(amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public CircularPad2d(int left, int right, int top, int bottom) {
    super(x -> Padding.circular(x, left, right, top, bottom), Text.tuple(left, right, top, bottom));
  }
}
