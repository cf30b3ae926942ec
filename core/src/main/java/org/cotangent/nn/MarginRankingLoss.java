package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.TernaryOperator;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.MarginLosses;

/**
 * max(0, -t (x - y) + margin); see {@link MarginLosses#marginRankingLoss}.
 *
 * @param margin by how much one is to be above the other
 * @param reduction what becomes of the losses
 */
public record MarginRankingLoss(double margin, LossReduction reduction) implements TernaryOperator {
  /** The mean. */
  public MarginRankingLoss() {
    this(0, LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor x, Tensor y, Tensor target) {
    return MarginLosses.marginRankingLoss(x, y, target, margin, reduction);
  }
}
