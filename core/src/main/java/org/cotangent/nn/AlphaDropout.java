package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Dropouts;

/** In training mode, dropout for SELU networks, which keeps mean and variance (Klambauer et al. 2017). */
public final class AlphaDropout extends Layer {
  private final double p;
  private final Generator generator;

  /** With a probability of one half. */
  public AlphaDropout() {
    this(0.5, Generator.standard());
  }

  /**
   * With draws from {@code generator}.
   *
   * @throws ArgumentException if p is not between 0 and 1
   */
  public AlphaDropout(double p, Generator generator) {
    this.p = Dropout.probability("AlphaDropout", p);
    this.generator = generator;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Dropouts.alphaDropout(x, p, training(), generator);
  }

  @Override
  protected String settings() {
    return "p=" + Text.number(p) + ", inplace=False";
  }
}
