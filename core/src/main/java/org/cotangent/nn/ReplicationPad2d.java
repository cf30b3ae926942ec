package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The first and last elements repeated, along the last two axes. */
public final class ReplicationPad2d extends Parameterless {
  /** The same amount on every side. */
  public ReplicationPad2d(int amount) {
    this(amount, amount, amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ReplicationPad2d(int left, int right, int top, int bottom) {
    super(x -> Padding.replicate(x, left, right, top, bottom), Text.tuple(left, right, top, bottom));
  }
}
