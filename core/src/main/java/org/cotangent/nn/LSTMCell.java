package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Recurrent;

/** One step of {@link LSTM}, see {@link Recurrent#lstmCell}. */
public final class LSTMCell extends RecurrentCell {
  /** With biases. */
  public LSTMCell(int in, int hidden) {
    this(in, hidden, true, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @throws ArgumentException if a size is not positive
   */
  public LSTMCell(int in, int hidden, boolean bias, Generator g) {
    super(in, hidden, 4, bias, g);
  }

  /**
   * The state after a step: x [n, in] or [in] and states [n, hidden] or [hidden].
   *
   * @throws ShapeException if x or the state does not fit
   */
  public Recurrent.LstmState step(Tensor x, Tensor hidden, Tensor cell) {
    fits(x, cell);
    return Recurrent.lstmCell(fromInput(x), fromState(x, hidden), cell);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return step(x, zeros(x), zeros(x)).hidden();
  }
}
