package org.cotangent.nn;

import org.cotangent.Autograd;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.BagOptions;
import org.cotangent.ops.Bags;

/**
 * Sums, means or largest elements of rows of a table: integers [b, l] → [b, width]; see {@link Bags}.
 *
 * <p>The parameter "weight" [count, width] starts standard normal. A padding row starts as zeros and gets no gradient.
 */
public final class EmbeddingBag extends Layer {
  private final int count;
  private final int width;
  private final BagOptions options;

  /** Means of rows. */
  public EmbeddingBag(int count, int width) {
    this(count, width, BagOptions.DEFAULT, Generator.standard());
  }

  /**
   * With initial values from {@code g}.
   *
   * @throws ArgumentException if a size is not positive or the padding row is not in the table
   */
  public EmbeddingBag(int count, int width, BagOptions options, Generator g) {
    if (count < 1 || width < 1) {
      throw new ArgumentException("EmbeddingBag: sizes are not positive: " + count + " rows of " + width);
    }
    if (options.padding().isPresent() && (options.padding().getAsInt() < -count || options.padding().getAsInt() >= count)) {
      throw new ArgumentException("EmbeddingBag: padding row " + options.padding().getAsInt() + " is not in a table of " + count + " rows");
    }
    this.count = count;
    this.width = width;
    this.options = options;
    Tensor weight = parameter("weight", Init.normal_(Tensor.zeros(count, width), 0, 1, g));
    options.padding().ifPresent(row -> Autograd.noGrad(() -> weight.set(Math.floorMod(row, count), 0)));
  }

  /** Bags of any length: bag i has the rows that index [k] names from offset i to before the next. */
  public Tensor apply(Tensor index, Tensor offsets) {
    return Bags.embeddingBag(index, parameter("weight"), offsets, options);
  }

  @Override
  protected Tensor forward(Tensor index) {
    return Bags.embeddingBag(index, parameter("weight"), options);
  }

  @Override
  protected String settings() {
    String padding = options.padding().isPresent() ? ", padding_idx=" + options.padding().getAsInt() : "";
    return count + ", " + width + ", mode=" + options.mode().name().toLowerCase(java.util.Locale.ROOT) + padding;
  }
}
