package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** x mirrored at its first and last elements, along the last two axes. */
public final class ReflectionPad2d extends Parameterless {
  /** The same amount on every side. */
  public ReflectionPad2d(int amount) {
    this(amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ReflectionPad2d(int left, int right, int top, int bottom) {
    super(x -> Padding.reflect(x, left, right, top, bottom), Text.tuple(left, right, top, bottom));
  }
}
