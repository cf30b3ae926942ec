package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Activations;

/** x where positive, else weight x, with a trained "weight" [1] or [c], at first 0.25 (He et al. 2015). */
public final class PReLU extends Layer {
  private final int count;

  /** With one weight. */
  public PReLU() {
    this(1, 0.25);
  }

  /**
   * With so many weights, one or one for each channel, and their initial value.
   *
   * @throws ArgumentException if the count is not positive
   */
  public PReLU(int count, double initial) {
    if (count < 1) {
      throw new ArgumentException("PReLU: the number of weights is not positive: " + count);
    }
    this.count = count;
    parameter("weight", Init.constant_(Tensor.zeros(count), initial));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Activations.prelu(x, parameter("weight"));
  }

  @Override
  protected String settings() {
    return "num_parameters=" + count;
  }
}
