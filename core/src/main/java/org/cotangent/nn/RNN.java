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

  /**
   * Output and last states for sequences of different lengths, each padded to the longest: those of each sequence alone, the output
   * padded with zeros. It stands for PyTorch's packed sequences, {@code pack_padded_sequence} before and {@code pad_packed_sequence}
   * after; all steps of all sequences are computed.
   *
   * @param lengths number of steps of each sequence, int64 [n]
   * @throws ShapeException if sequences or lengths do not fit
   */
  public Unrolled runPadded(Tensor x, Tensor lengths) {
    return Unrolled.of(unrollPadded(x, lengths));
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
