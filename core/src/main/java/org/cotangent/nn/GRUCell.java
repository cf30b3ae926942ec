package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Recurrent;

/** One step of {@link GRU}, see {@link Recurrent#gruCell}. */
public final class GRUCell extends RecurrentCell {
  /** With biases. */
  public GRUCell(int in, int hidden) {
    this(in, hidden, true, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @throws ArgumentException if a size is not positive
   */
  public GRUCell(int in, int hidden, boolean bias, Generator g) {
    super(in, hidden, 3, bias, g);
  }

  /**
   * The state after a step: x [n, in] or [in] and state [n, hidden] or [hidden].
   *
   * @throws ShapeException if x or the state does not fit
   */
  public Tensor step(Tensor x, Tensor hidden) {
    return Recurrent.gruCell(fromInput(x), fromState(x, hidden), hidden);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return step(x, zeros(x));
  }
}
