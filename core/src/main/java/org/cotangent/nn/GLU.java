package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** a σ(b) for the halves a, b of an axis (Dauphin et al. 2017): [..., 2 n, ...] → [..., n, ...]. */
public final class GLU extends Parameterless {
  /** Along the last axis. */
  public GLU() {
    this(-1);
  }

  /** Along {@code axis}; negative counts from the end. */
  public GLU(int axis) {
    super(x -> Activations.glu(x, axis), "dim=" + axis);
  }
}
