package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** x mirrored at its first and last elements, along the last three axes. */
public final class ReflectionPad3d extends Parameterless {
  /** The same amount on every side. */
  public ReflectionPad3d(int amount) {
    this(amount, amount, amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ReflectionPad3d(int left, int right, int top, int bottom, int front, int back) {
    super(x -> Padding.reflect(x, left, right, top, bottom, front, back), Text.tuple(left, right, top, bottom, front, back));
  }
}
