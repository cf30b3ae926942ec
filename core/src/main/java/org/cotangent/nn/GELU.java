package org.cotangent.nn;

import org.cotangent.Tensor;

/** x Φ(x) with the normal distribution function (Hendrycks and Gimpel 2016). */
public final class GELU extends Layer {
  /** Has no parameters. */
  public GELU() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.gelu();
  }

  @Override
  protected String settings() {
    return "approximate='none'";
  }
}
