package org.cotangent.nn;

import java.util.function.UnaryOperator;
import org.cotangent.Tensor;

/** A function without parameters as a layer: {@code new Lambda("square", x -> x.square())}. */
public final class Lambda extends Layer {
  private final String title;
  private final UnaryOperator<Tensor> function;

  /** The function, and what is printed of it. */
  public Lambda(String title, UnaryOperator<Tensor> function) {
    this.title = title;
    this.function = function;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return function.apply(x);
  }

  @Override
  protected String settings() {
    return title;
  }
}
