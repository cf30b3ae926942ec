package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.ClassOptions;
import org.cotangent.ops.Losses;

/**
 * Negative log-likelihood of classes given as log-probabilities; see {@link Losses#nllLoss}.
 *
 * @param options weights, ignored class, reduction
 */
public record NLLLoss(ClassOptions options) implements BinaryOperator<Tensor> {
  /** The mean, without weights. */
  public NLLLoss() {
    this(ClassOptions.DEFAULT);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.nllLoss(input, target, options);
  }
}
