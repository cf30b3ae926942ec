package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.TernaryOperator;
import org.cotangent.ops.Distances;
import org.cotangent.ops.LossReduction;

/**
 * max(0, margin + d(anchor, positive) - d(anchor, negative)); see {@link Distances#tripletMarginLoss}.
 *
 * @param margin by how much the negative is to be further
 * @param p the norm of the distance
 * @param eps added to differences
 * @param swap whether the negative is compared with the nearer of anchor and positive
 * @param reduction what becomes of the losses
 */
public record TripletMarginLoss(double margin, double p, double eps, boolean swap, LossReduction reduction) implements TernaryOperator {
  /** The mean. */
  public TripletMarginLoss() {
    this(1, 2, 1e-6, false, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor anchor, Tensor positive, Tensor negative) {
    return Distances.tripletMarginLoss(anchor, positive, negative, margin, p, eps, swap, reduction);
  }
}
