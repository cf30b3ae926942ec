package org.cotangent.nn;

import java.util.function.UnaryOperator;
import org.cotangent.Tensor;

/** A layer that is one function of its input, and what is printed of it; {@code new Mish()} is all there is to such a layer. */
abstract class Parameterless extends Layer {
  private final UnaryOperator<Tensor> function;
  private final String settings;

  Parameterless(UnaryOperator<Tensor> function, String settings) {
    this.function = function;
    this.settings = settings;
  }

  @Override
  protected final Tensor forward(Tensor x) {
    return function.apply(x);
  }

  @Override
  protected final String settings() {
    return settings;
  }
}
