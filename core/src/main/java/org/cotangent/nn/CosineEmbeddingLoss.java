package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.TernaryOperator;
import org.cotangent.ops.Distances;
import org.cotangent.ops.LossReduction;

/**
 * 1 - cos(x, y) where the target is 1, max(0, cos(x, y) - margin) where it is -1; see {@link Distances#cosineEmbeddingLoss}.
 *
 * @param margin the largest cosine of vectors that differ
 * @param reduction what becomes of the losses
 */
public record CosineEmbeddingLoss(double margin, LossReduction reduction) implements TernaryOperator {
  /** The mean. */
  public CosineEmbeddingLoss() {
    this(0, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor x, Tensor y, Tensor target) {
    return Distances.cosineEmbeddingLoss(x, y, target, margin, reduction);
  }
}
