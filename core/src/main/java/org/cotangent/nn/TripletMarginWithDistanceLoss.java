package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.TernaryOperator;
import org.cotangent.ops.Distances;
import org.cotangent.ops.LossReduction;

/**
 * max(0, margin + d(anchor, positive) - d(anchor, negative)) for any distance; see {@link Distances#tripletMarginWithDistanceLoss}.
 *
 * @param distance how far vectors are apart
 * @param margin by how much the negative is to be further
 * @param swap whether the negative is compared with the nearer of anchor and positive
 * @param reduction what becomes of the losses
 */
public record TripletMarginWithDistanceLoss(BinaryOperator<Tensor> distance, double margin, boolean swap,
    LossReduction reduction) implements TernaryOperator {
  /** The mean, with Euclidean distances and a margin of 1. */
  public TripletMarginWithDistanceLoss() {
    this((x, y) -> Distances.pairwiseDistance(x, y, 2, 1e-6, false), 1, false, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor anchor, Tensor positive, Tensor negative) {
    return Distances.tripletMarginWithDistanceLoss(anchor, positive, negative, distance, margin, swap, reduction);
  }
}
