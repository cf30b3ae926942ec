package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Recurrent;

/**
 * A simple recurrent network: h' = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman 1990), or ReLU in the place of tanh. Sequences [l, n, in]
 * or [l, in] → [l, n, hidden].
 *
 * <p>Parameters have PyTorch's names: "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", ... , uniform in ±1/√hidden.
 */
public final class RNN extends Recurrence {
  /** What a step ends with. */
  public enum Nonlinearity {
    /** The hyperbolic tangent. */
    TANH,
    /** The larger of x and 0. */
    RELU
  }

  private final Nonlinearity nonlinearity;

  /** One layer with tanh. */
  public RNN(int in, int hidden) {
    this(in, hidden, Nonlinearity.TANH, RecurrentOptions.DEFAULT);
  }

  /**
   * Layers as told.
   *
   * @throws ArgumentException if a size is not positive, or a projection is asked for
   */
  public RNN(int in, int hidden, Nonlinearity nonlinearity, RecurrentOptions options) {
    super(in, hidden, 1, GRU.plain("RNN", options));
    this.nonlinearity = nonlinearity;
  }

  /**
   * Output and last states for a sequence, from zero states.
   *
   * @throws ShapeException if the sequence does not fit
   */
  public Unrolled run(Tensor x) {
    return Unrolled.of(unroll(x));
  }

  /**
   * Output and last states for a sequence, from these states [layers · directions, n, hidden].
   *
   * @throws ShapeException if sequence or states do not fit
   */
  public Unrolled run(Tensor x, Tensor hidden) {
    return Unrolled.of(unroll(x, hidden));
  }

  @Override
  Tensor[] step(Tensor fromInput, Tensor fromState, Tensor[] state) {
    return new Tensor[] {Recurrent.rnnCell(fromInput, fromState, nonlinearity == Nonlinearity.TANH ? Tensor::tanh : Tensor::relu)};
  }

  @Override
  int states() {
    return 1;
  }
}
