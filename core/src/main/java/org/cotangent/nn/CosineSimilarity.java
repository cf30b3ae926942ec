package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.Distances;

/**
 * x · y / (|x| |y|) along an axis; see {@link Distances#cosineSimilarity}.
 *
 * @param axis the axis of the vectors
 * @param eps the least length
 */
public record CosineSimilarity(int axis, double eps) implements BinaryOperator<Tensor> {
  /** Along axis 1. */
  public CosineSimilarity() {
    this(1, 1e-8);
  }

  @Override
  public Tensor apply(Tensor x, Tensor y) {
    return Distances.cosineSimilarity(x, y, axis, eps);
  }
}
