package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.ops.Activations;

/** x where positive, else slope x. */
public final class LeakyReLU extends Layer {
  private final double slope;

  /** With a slope of 0.01. */
  public LeakyReLU() {
    this(0.01);
  }

  /** With this slope. */
  public LeakyReLU(double slope) {
    this.slope = slope;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Activations.leakyRelu(x, slope);
  }

  @Override
  protected String settings() {
    return "negative_slope=" + Text.number(slope);
  }
}
