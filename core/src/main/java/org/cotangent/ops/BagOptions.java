package org.cotangent.ops;

import java.util.Optional;
import java.util.OptionalInt;
import org.cotangent.Tensor;

/**
 * Settings of {@link Bags#embeddingBag}.
 *
 * @param mode what becomes of the rows of a bag
 * @param weights a factor for each row, of the indices' shape; for sums
 * @param padding the row that counts in no bag and gets no gradient; negative counts from the end
 * @param byFrequency whether the gradient of a row is divided by how often it occurs in all bags
 * @param lastOffset whether the last offset is the end of the last bag, not the beginning of one more
 */
public record BagOptions(Mode mode, Optional<Tensor> weights, OptionalInt padding, boolean byFrequency, boolean lastOffset) {
  /** Means of all rows. */
  public static final BagOptions DEFAULT = new BagOptions(Mode.MEAN, Optional.empty(), OptionalInt.empty(), false, false);

  /** What becomes of the rows of a bag; without rows it is zeros. */
  public enum Mode {
    /** Their sum. */
    SUM,
    /** Their mean. */
    MEAN,
    /** Their largest elements. */
    MAX
  }

  /** These settings with another mode. */
  public BagOptions mode(Mode m) {
    return new BagOptions(m, weights, padding, byFrequency, lastOffset);
  }

  /** These settings with a factor for each row. */
  public BagOptions weights(Tensor w) {
    return new BagOptions(mode, Optional.of(w), padding, byFrequency, lastOffset);
  }

  /** These settings with a row that does not count. */
  public BagOptions padding(int row) {
    return new BagOptions(mode, weights, OptionalInt.of(row), byFrequency, lastOffset);
  }

  /** These settings with gradients divided by how often a row occurs, or not. */
  public BagOptions byFrequency(boolean on) {
    return new BagOptions(mode, weights, padding, on, lastOffset);
  }

  /** These settings with a last offset that is the end, or not. */
  public BagOptions lastOffset(boolean on) {
    return new BagOptions(mode, weights, padding, byFrequency, on);
  }
}
