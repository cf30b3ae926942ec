package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;

/**
 * |x - t|; see {@link Losses#l1Loss}.
 *
 * @param reduction what becomes of the losses
 */
public record L1Loss(LossReduction reduction) implements BinaryOperator<Tensor> {
  /** The mean. */
  public L1Loss() {
    this(LossReduction.MEAN);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.l1Loss(input, target, reduction);
  }
}
