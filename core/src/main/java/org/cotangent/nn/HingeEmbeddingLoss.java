package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.MarginLosses;

/**
 * x where the target is 1, max(0, margin - x) where it is -1; see {@link MarginLosses#hingeEmbeddingLoss}.
 *
 * @param margin how far x is to be
 * @param reduction what becomes of the losses
 */
public record HingeEmbeddingLoss(double margin, LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean, with a margin of 1. */
  public HingeEmbeddingLoss() {
    this(1, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return MarginLosses.hingeEmbeddingLoss(input, target, margin, reduction);
  }
}
