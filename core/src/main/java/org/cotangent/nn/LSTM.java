package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Recurrent;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997), see {@link Recurrent#lstmCell}; the output may be projected (Sak et al.
 * 2014). Sequences [l, n, in] or [l, in] → [l, n, hidden].
 *
 * <p>Parameters have PyTorch's names and order of gates i, f, g, o: "weight_ih_l0" [4 hidden, in], "weight_hh_l0", "bias_ih_l0",
 * "bias_hh_l0", ... , uniform in ±1/√hidden.
 */
public final class LSTM extends Recurrence {
  /**
   * What {@link #run} gives.
   *
   * @param output the last layer's hidden state at each step, the two directions side by side: [l, n, directions · hidden]
   * @param hidden the hidden state of each layer and direction after its last step: [layers · directions, n, hidden]
   * @param cell the cell state there: [layers · directions, n, hidden]
   */
  public record Unrolled(Tensor output, Tensor hidden, Tensor cell) {}

  /** One layer. */
  public LSTM(int in, int hidden) {
    this(in, hidden, RecurrentOptions.DEFAULT);
  }

  /**
   * Layers as told.
   *
   * @throws ArgumentException if a size is not positive, or the projection is not smaller than the hidden size
   */
  public LSTM(int in, int hidden, RecurrentOptions options) {
    super(in, hidden, 4, options);
  }

  /**
   * Output and last states for a sequence, from zero states.
   *
   * @throws ShapeException if the sequence does not fit
   */
  public Unrolled run(Tensor x) {
    Tensor[] r = unroll(x);
    return new Unrolled(r[0], r[1], r[2]);
  }

  /**
   * Output and last states for a sequence, from these states [layers · directions, n, hidden].
   *
   * @throws ShapeException if sequence or states do not fit
   */
  public Unrolled run(Tensor x, Tensor hidden, Tensor cell) {
    Tensor[] r = unroll(x, hidden, cell);
    return new Unrolled(r[0], r[1], r[2]);
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
    Tensor[] r = unrollPadded(x, lengths);
    return new Unrolled(r[0], r[1], r[2]);
  }

  @Override
  Tensor[] step(Tensor fromInput, Tensor fromState, Tensor[] state) {
    Recurrent.LstmState next = Recurrent.lstmCell(fromInput, fromState, state[1]);
    return new Tensor[] {next.hidden(), next.cell()};
  }

  @Override
  int states() {
    return 2;
  }
}
