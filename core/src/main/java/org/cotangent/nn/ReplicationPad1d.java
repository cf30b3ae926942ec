package org.cotangent.nn;

import org.cotangent.ops.Padding;

/** The first and last elements repeated, along the last axis. */
public final class ReplicationPad1d extends Parameterless {
  /** The same amount on every side. */
  public ReplicationPad1d(int amount) {
    this(amount, amount);
  }

  /** These amounts; a negative one removes elements. */
  public ReplicationPad1d(int left, int right) {
    super(x -> Padding.replicate(x, left, right), Text.tuple(left, right));
  }
}
