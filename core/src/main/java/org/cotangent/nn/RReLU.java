package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Dropouts;

/** x where positive, else a x: in training mode a is uniform in [lower, upper) for each element, else their middle (Xu et al. 2015). */
public final class RReLU extends Layer {
  private final double lower;
  private final double upper;
  private final Generator generator;

  /** From 1/8 to 1/3. */
  public RReLU() {
    this(1.0 / 8, 1.0 / 3, Generator.standard());
  }

  /**
   * With draws from {@code generator}.
   *
   * @throws ArgumentException if lower is above upper
   */
  public RReLU(double lower, double upper, Generator generator) {
    if (!(lower <= upper)) {
      throw new ArgumentException("RReLU: lower bound should be less than or equal to the upper bound: " + lower + ", " + upper);
    }
    this.lower = lower;
    this.upper = upper;
    this.generator = generator;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Dropouts.rrelu(x, lower, upper, training(), generator);
  }

  @Override
  protected String settings() {
    return "lower=" + Text.number(lower) + ", upper=" + Text.number(upper);
  }
}
