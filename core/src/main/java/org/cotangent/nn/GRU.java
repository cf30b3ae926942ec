package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Recurrent;

/**
 * Gated recurrent units (Cho et al. 2014), see {@link Recurrent#gruCell}. Sequences [l, n, in] or [l, in] → [l, n, hidden].
 *
 * <p>Parameters have PyTorch's names and order of gates r, z, n: "weight_ih_l0" [3 hidden, in], "weight_hh_l0", "bias_ih_l0",
 * "bias_hh_l0", ... , uniform in ±1/√hidden.
 */
public final class GRU extends Recurrence {
  /** One layer. */
  public GRU(int in, int hidden) {
    this(in, hidden, RecurrentOptions.DEFAULT);
  }

  /**
   * Layers as told.
   *
   * @throws ArgumentException if a size is not positive, or a projection is asked for
   */
  public GRU(int in, int hidden, RecurrentOptions options) {
    super(in, hidden, 3, plain("GRU", options));
  }

  static RecurrentOptions plain(String name, RecurrentOptions options) {
    if (options.projection() != 0) {
      throw new ArgumentException(name + ": a projection is supported for LSTM only: " + options.projection());
    }
    return options;
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
    return new Tensor[] {Recurrent.gruCell(fromInput, fromState, state[0])};
  }

  @Override
  int states() {
    return 1;
  }
}
