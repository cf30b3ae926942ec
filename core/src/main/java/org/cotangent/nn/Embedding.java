package org.cotangent.nn;

import java.util.OptionalInt;
import org.cotangent.Autograd;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Functional;

/**
 * Rows of a table by their numbers: integers [...] → [..., width].
 *
 * <p>The parameter "weight" [count, width] starts standard normal. A padding row starts as zeros and gets no gradient.
 */
public final class Embedding extends Layer {
  private final int count;
  private final int width;
  private final OptionalInt padding;

  /** A table without a padding row. */
  public Embedding(int count, int width) {
    this(count, width, OptionalInt.empty(), Generator.standard());
  }

  /** A table with a padding row. */
  public Embedding(int count, int width, int padding) {
    this(count, width, OptionalInt.of(padding), Generator.standard());
  }

  /**
   * A table with initial values from {@code g}.
   *
   * @throws ArgumentException if a size is not positive or the padding row is not in the table
   */
  public Embedding(int count, int width, OptionalInt padding, Generator g) {
    if (count < 1 || width < 1) {
      throw new ArgumentException("Embedding: sizes are not positive: " + count + " rows of " + width);
    }
    if (padding.isPresent() && (padding.getAsInt() < 0 || padding.getAsInt() >= count)) {
      throw new ArgumentException("Embedding: padding row " + padding.getAsInt() + " is not in a table of " + count + " rows");
    }
    this.count = count;
    this.width = width;
    this.padding = padding;
    Tensor weight = parameter("weight", Init.normal_(Tensor.zeros(count, width), 0, 1, g));
    padding.ifPresent(row -> Autograd.noGrad(() -> weight.set(row, 0)));
  }

  /** The table [count, width]. */
  public Tensor weight() {
    return parameter("weight");
  }

  @Override
  protected Tensor forward(Tensor index) {
    return padding.isPresent() ? Functional.embedding(index, weight(), padding.getAsInt()) : Functional.embedding(index, weight());
  }

  @Override
  protected String settings() {
    return count + ", " + width + (padding.isPresent() ? ", padding_idx=" + padding.getAsInt() : "");
  }
}
