package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.ops.Activations;

/** x Φ(x) with the normal distribution function, or an approximation of it by tanh (Hendrycks and Gimpel 2016). */
public final class GELU extends Parameterless {
  /** Exact. */
  public GELU() {
    this(false);
  }

  /** Exact, or approximated by tanh. */
  public GELU(boolean tanh) {
    super(tanh ? Activations::geluTanh : Tensor::gelu, tanh ? "approximate='tanh'" : "approximate='none'");
  }
}
