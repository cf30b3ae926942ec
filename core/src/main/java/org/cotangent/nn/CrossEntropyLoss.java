package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.ClassOptions;
import org.cotangent.ops.Losses;

/**
 * Cross entropy of classes given as logits; see {@link Losses#crossEntropy}.
 *
 * @param options weights, ignored class, label smoothing, reduction
 */
public record CrossEntropyLoss(ClassOptions options) implements BinaryOperator<Tensor> {
  /** The mean, without weights. */
  public CrossEntropyLoss() {
    this(ClassOptions.DEFAULT);
  }

  @Override
  public Tensor apply(Tensor input, Tensor target) {
    return Losses.crossEntropy(input, target, options);
  }
}
