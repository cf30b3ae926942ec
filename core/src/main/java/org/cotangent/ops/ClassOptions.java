package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Settings of {@link Losses#crossEntropy} and {@link Losses#nllLoss}.
 *
 * <pre>{@code crossEntropy(logits, targets, ClassOptions.DEFAULT.ignoreIndex(0).labelSmoothing(0.1))}</pre>
 *
 * @param reduction what becomes of the losses of the examples
 * @param ignoreIndex the class index of examples that do not count
 * @param labelSmoothing the part of each target, from 0 to 1, that is spread evenly over all classes
 * @param weight a factor for each class, [c]; a mean then divides by the sum of the weights of the targets
 */
public record ClassOptions(LossReduction reduction, long ignoreIndex, double labelSmoothing, Optional<Tensor> weight) {
  /** The mean over all examples but those of class -100. */
  public static final ClassOptions DEFAULT = new ClassOptions(LossReduction.MEAN, -100, 0, Optional.empty());

  /**
   * Settings.
   *
   * @throws ArgumentException if the label smoothing is not between 0 and 1
   */
  public ClassOptions {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new ArgumentException("crossEntropy: label smoothing is not between 0 and 1: " + labelSmoothing);
    }
  }

  /** These settings with another reduction. */
  public ClassOptions reduction(LossReduction r) {
    return new ClassOptions(r, ignoreIndex, labelSmoothing, weight);
  }

  /** These settings with another class to ignore. */
  public ClassOptions ignoreIndex(long index) {
    return new ClassOptions(reduction, index, labelSmoothing, weight);
  }

  /** These settings with another label smoothing, from 0 to 1. */
  public ClassOptions labelSmoothing(double part) {
    return new ClassOptions(reduction, ignoreIndex, part, weight);
  }

  /** These settings with a factor for each class, [c]. */
  public ClassOptions weight(Tensor factors) {
    return new ClassOptions(reduction, ignoreIndex, labelSmoothing, Optional.of(factors));
  }
}
