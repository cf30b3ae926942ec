package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Dropouts;

/** In training mode, {@link AlphaDropout} of whole channels. */
public final class FeatureAlphaDropout extends Layer {
  private final double p;
  private final Generator generator;

  /** With a probability of one half. */
  public FeatureAlphaDropout() {
    this(0.5, Generator.standard());
  }

  /**
   * With draws from {@code generator}.
   *
   * @throws ArgumentException if p is not between 0 and 1
   */
  public FeatureAlphaDropout(double p, Generator generator) {
    this.p = Dropout.probability("FeatureAlphaDropout", p);
    this.generator = generator;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Dropouts.featureAlphaDropout(x, p, training(), generator);
  }

  @Override
  protected String settings() {
    return "p=" + Text.number(p) + ", inplace=False";
  }
}
