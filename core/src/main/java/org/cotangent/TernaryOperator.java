package org.cotangent;

/** A function of three tensors. */
@FunctionalInterface
public interface TernaryOperator {
  /** The result for x, y and z. */
  Tensor apply(Tensor x, Tensor y, Tensor z);
}
