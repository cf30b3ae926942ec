package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Dropouts;

/** In training mode, zeroes channels of [n, c, h, w] with probability p and multiplies the others by 1 / (1 - p). */
public final class Dropout2d extends Layer {
  private final double p;
  private final Generator generator;

  /** With a probability of one half. */
  public Dropout2d() {
    this(0.5, Generator.standard());
  }

  /**
   * With draws from {@code generator}.
   *
   * @throws ArgumentException if p is not between 0 and 1
   */
  public Dropout2d(double p, Generator generator) {
    this.p = Dropout.probability("Dropout2d", p);
    this.generator = generator;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Dropouts.dropout2d(x, p, training(), generator);
  }

  @Override
  protected String settings() {
    return "p=" + Text.number(p) + ", inplace=False";
  }
}
