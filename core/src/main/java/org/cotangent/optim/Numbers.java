package org.cotangent.optim;

import java.util.HashMap;
import java.util.Map;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Tensor;

/**
 * Numbers that differ from step to step, as scalars on the devices of the parameters, each made once a step.
 *
 * <p>A Java number in an expression is part of the kernel's text, so a new one would compile a new kernel each step.
 */
final class Numbers {
  private record Key(double v, DType dtype, Device device) {}

  private final Map<Key, Tensor> made = new HashMap<>();

  /** {@code v} as a scalar of the type that {@code like} is computed in and on the device of {@code like}. */
  Tensor scalar(double v, Tensor like) {
    return made.computeIfAbsent(new Key(v, like.dtype(), like.device()), k -> {
      int[] scalar = {};
      Tensor t = k.dtype().computed() == DType.FLOAT64 ? Tensor.of(new double[] {v}, scalar) : Tensor.of(new float[] {(float) v}, scalar);
      return t.to(k.device());
    });
  }
}
