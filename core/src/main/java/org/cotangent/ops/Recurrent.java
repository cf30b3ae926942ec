package org.cotangent.ops;

import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * One step of recurrent networks. Inputs are {@code fromInput} = x W_ihᵀ + b_ih and {@code fromState} = h W_hhᵀ + b_hh, [n, g h] with g
 * gates of h units each, so that a layer projects all steps of its input at once.
 *
 * <p>All throw {@link ShapeException} if the sizes differ.
 */
public final class Recurrent {
  private Recurrent() {}

  /** Hidden and cell state of an LSTM, [n, h] each. */
  public record LstmState(Tensor hidden, Tensor cell) {}

  /** tanh(fromInput + fromState), or another activation (Elman 1990): [n, h]. */
  public static Tensor rnnCell(Tensor fromInput, Tensor fromState, UnaryOperator<Tensor> activation) {
    check("rnnCell", fromInput, fromState, 1);
    return activation.apply(fromInput.add(fromState));
  }

  /**
   * A gated recurrent unit (Cho et al. 2014), gates reset r, update z, new n: h' = (1 - z) n + z h with n = tanh(i_n + r h_n). [n, 3 h]
   * and state [n, h] → [n, h].
   */
  public static Tensor gruCell(Tensor fromInput, Tensor fromState, Tensor hidden) {
    check("gruCell", fromInput, fromState, 3);
    return Gate.named(OpName.of("gruCell", "Add"), () -> {
      Tensor[] i = fromInput.chunk(3, -1);
      Tensor[] h = fromState.chunk(3, -1);
      Tensor r = i[0].add(h[0]).sigmoid();
      Tensor z = i[1].add(h[1]).sigmoid();
      Tensor n = i[2].add(r.mul(h[2])).tanh();
      return hidden.sub(n).mul(z).add(n);
    });
  }

  /**
   * A long short-term memory (Hochreiter and Schmidhuber 1997), gates input i, forget f, cell g, output o: c' = σ(f) c + σ(i) tanh(g),
   * h' = σ(o) tanh(c'). [n, 4 h] and cell [n, h].
   */
  public static LstmState lstmCell(Tensor fromInput, Tensor fromState, Tensor cell) {
    check("lstmCell", fromInput, fromState, 4);
    return Gate.named(OpName.of("lstmCell", "Mul"), () -> {
      Tensor[] g = fromInput.add(fromState).chunk(4, -1);
      Tensor c = g[1].sigmoid().mul(cell).add(g[0].sigmoid().mul(g[2].tanh()));
      return new LstmState(g[3].sigmoid().mul(c.tanh()), c);
    });
  }

  private static void check(String op, Tensor fromInput, Tensor fromState, int gates) {
    if (fromInput.rank() == 0 || fromInput.size(-1) % gates != 0 || !fromInput.shape().equals(fromState.shape())) {
      throw new ShapeException(op + ": " + fromInput.shape() + " and " + fromState.shape() + " differ or hold no " + gates + " gates");
    }
  }
}
