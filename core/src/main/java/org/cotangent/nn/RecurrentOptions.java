package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.errors.ArgumentException;

/**
 * Settings of {@link RNN}, {@link GRU} and {@link LSTM}.
 *
 * @param layers number of layers, each with the output of the one before as its input
 * @param bias whether there are biases
 * @param batchFirst whether sequences are [n, l, in] instead of [l, n, in]
 * @param dropout the part of every layer's output but the last's that is dropped in training mode
 * @param bidirectional whether each layer also runs backward, with its output beside that of the other direction
 * @param projection size that an LSTM's output is projected to; 0 for none
 * @param generator where initial values and dropout are drawn from
 */
public record RecurrentOptions(
    int layers, boolean bias, boolean batchFirst, double dropout, boolean bidirectional, int projection, Generator generator) {
  /** One layer with biases, forward only, sequences [l, n, in]. */
  public static final RecurrentOptions DEFAULT = new RecurrentOptions(1, true, false, 0, false, 0, Generator.standard());

  /**
   * Settings.
   *
   * @throws ArgumentException if there are no layers, or a number is out of range
   */
  public RecurrentOptions {
    if (layers < 1) {
      throw new ArgumentException("RecurrentOptions: num_layers must be greater than zero: " + layers);
    }
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new ArgumentException("RecurrentOptions: dropout is not between 0 and 1: " + dropout);
    }
    if (projection < 0) {
      throw new ArgumentException("RecurrentOptions: the projection is negative: " + projection + "; pass 0 for none");
    }
  }

  /** These settings with so many layers. */
  public RecurrentOptions layers(int n) {
    return new RecurrentOptions(n, bias, batchFirst, dropout, bidirectional, projection, generator);
  }

  /** These settings with biases or without. */
  public RecurrentOptions bias(boolean on) {
    return new RecurrentOptions(layers, on, batchFirst, dropout, bidirectional, projection, generator);
  }

  /** These settings with sequences [n, l, in], or [l, n, in]. */
  public RecurrentOptions batchFirst(boolean on) {
    return new RecurrentOptions(layers, bias, on, dropout, bidirectional, projection, generator);
  }

  /** These settings with dropout between layers. */
  public RecurrentOptions dropout(double p) {
    return new RecurrentOptions(layers, bias, batchFirst, p, bidirectional, projection, generator);
  }

  /** These settings in both directions or one. */
  public RecurrentOptions bidirectional(boolean on) {
    return new RecurrentOptions(layers, bias, batchFirst, dropout, on, projection, generator);
  }

  /** These settings with an LSTM's output projected to so many numbers. */
  public RecurrentOptions projection(int n) {
    return new RecurrentOptions(layers, bias, batchFirst, dropout, bidirectional, n, generator);
  }

  /** These settings with draws from {@code g}. */
  public RecurrentOptions generator(Generator g) {
    return new RecurrentOptions(layers, bias, batchFirst, dropout, bidirectional, projection, g);
  }
}
