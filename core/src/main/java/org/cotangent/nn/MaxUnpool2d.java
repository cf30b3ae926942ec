package org.cotangent.nn;

import java.util.function.BinaryOperator;
import org.cotangent.Tensor;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Unpooling;

/** The partial inverse of {@link MaxPool2d}: zeros but for the elements at their positions; see {@link Unpooling#maxUnpool}. */
public final class MaxUnpool2d implements BinaryOperator<Tensor> {
  private final PoolOptions options;

  /** Of windows of {@code kernel} elements along each axis, side by side. */
  public MaxUnpool2d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  /** Of windows as told. */
  public MaxUnpool2d(PoolOptions options) {
    this.options = options;
  }

  /**
   * The elements x at these positions, in the smallest size that the pool leads from.
   *
   * @throws ShapeException if they differ in shape
   */
  @Override
  public Tensor apply(Tensor x, Tensor indices) {
    return Unpooling.maxUnpool(x, indices, 2, options);
  }

  /**
   * The elements x at these positions in this size, which several may lead from.
   *
   * @throws ShapeException if they differ in shape or do not fit the size
   */
  public Tensor apply(Tensor x, Tensor indices, int... size) {
    return Unpooling.maxUnpool(x, indices, size);
  }
}
