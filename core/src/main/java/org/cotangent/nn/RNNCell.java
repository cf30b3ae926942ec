package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Recurrent;

/** One step of {@link RNN}: tanh(W_ih x + b_ih + W_hh h + b_hh), or ReLU in the place of tanh. */
public final class RNNCell extends RecurrentCell {
  private final RNN.Nonlinearity nonlinearity;

  /** With biases and tanh. */
  public RNNCell(int in, int hidden) {
    this(in, hidden, RNN.Nonlinearity.TANH, true, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @throws ArgumentException if a size is not positive
   */
  public RNNCell(int in, int hidden, RNN.Nonlinearity nonlinearity, boolean bias, Generator g) {
    super(in, hidden, 1, bias, g);
    this.nonlinearity = nonlinearity;
  }

  /**
   * The state after a step: x [n, in] or [in] and state [n, hidden] or [hidden].
   *
   * @throws ShapeException if x or the state does not fit
   */
  public Tensor step(Tensor x, Tensor hidden) {
    return Recurrent.rnnCell(fromInput(x), fromState(x, hidden), nonlinearity == RNN.Nonlinearity.TANH ? Tensor::tanh : Tensor::relu);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return step(x, zeros(x));
  }

  @Override
  protected String settings() {
    return super.settings() + (nonlinearity == RNN.Nonlinearity.TANH ? "" : ", nonlinearity=relu");
  }
}
