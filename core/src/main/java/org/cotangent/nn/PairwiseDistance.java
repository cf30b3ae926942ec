package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.Distances;

/**
 * The p-norm of x - y + eps over the last axis; see {@link Distances#pairwiseDistance}.
 *
 * @param p the norm
 * @param eps added to differences
 * @param keepdim whether the last axis stays, with size 1
 */
public record PairwiseDistance(double p, double eps, boolean keepdim) implements BinaryOperator<Tensor> {
  /** Euclidean. */
  public PairwiseDistance() {
    this(2, 1e-6, false);
  }

  @Override
  public Tensor apply(Tensor x, Tensor y) {
    return Distances.pairwiseDistance(x, y, p, eps, keepdim);
  }
}
