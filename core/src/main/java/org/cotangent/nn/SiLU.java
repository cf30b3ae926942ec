package org.cotangent.nn;

import org.cotangent.Tensor;

/** x σ(x) (Elfwing et al. 2018). */
public final class SiLU extends Parameterless {
  /** Has no parameters. */
  public SiLU() {
    super(Tensor::silu, "");
  }
}
