package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Functional;

/** In training mode, zeroes elements with probability p and multiplies the others by 1 / (1 - p) (Srivastava et al. 2014). */
public final class Dropout extends Layer {
  private final double p;
  private final Generator generator;

  /** With a probability of one half. */
  public Dropout() {
    this(0.5);
  }

  /** With draws from the default generator. */
  public Dropout(double p) {
    this(p, Generator.standard());
  }

  /**
   * With draws from {@code generator}.
   *
   * @throws ArgumentException if p is not between 0 and 1
   */
  public Dropout(double p, Generator generator) {
    this.p = probability("Dropout", p);
    this.generator = generator;
  }

  static double probability(String layer, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new ArgumentException(layer + ": probability is not between 0 and 1: " + p);
    }
    return p;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.dropout(x, p, training(), generator);
  }

  @Override
  protected String settings() {
    return "p=" + Text.number(p) + ", inplace=False";
  }
}
