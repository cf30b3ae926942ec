package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The first and last elements repeated, along the last three axes. */
public final class ReplicationPad3d extends Parameterless {
  /** The same amount on every side. */
  public ReplicationPad3d(int amount) {
    this(amount, amount, amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ReplicationPad3d(int left, int right, int top, int bottom, int front, int back) {
    super(x -> Padding.replicate(x, left, right, top, bottom, front, back), Text.tuple(left, right, top, bottom, front, back));
  }
}
