package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** Zeros around x, along the last two axes. */
public final class ZeroPad2d extends Parameterless {
  /** The same amount on every side. */
  public ZeroPad2d(int amount) {
    this(amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ZeroPad2d(int left, int right, int top, int bottom) {
    super(x -> Padding.constant(x, 0, left, right, top, bottom), Text.tuple(left, right, top, bottom));
  }
}
