package org.cotangent.nn;

import org.cotangent.ops.Activations;

/** x above the threshold, else the value. */
public final class Threshold extends Parameterless {
  /** With these numbers. */
  public Threshold(double threshold, double value) {
    super(x -> Activations.threshold(x, threshold, value), "threshold=" + Text.number(threshold) + ", value=" + Text.number(value));
  }
}
