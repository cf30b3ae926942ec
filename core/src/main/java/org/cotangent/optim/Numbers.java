package org.cotangent.optim;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Tensor;

/**
 * Numbers that differ from step to step, as scalars on the devices of the parameters, each made once a step.
 *
 * <p>A Java number in an expression is part of the kernel's text, so a new one would compile a new kernel each step.
 */
final class Numbers {
  private record Made(double v, DType dtype, Device device, Tensor tensor) {
    boolean is(double w, DType t, Device d) {
      return Double.compare(v, w) == 0 && dtype == t && (device == d || device.equals(d));
    }
  }

  /** Few: three or so for each number of steps that parameters are at. */
  private final List<Made> made = new ArrayList<>();

  /** {@code v} as a scalar of the type that {@code like} is computed in and on the device of {@code like}. */
  Tensor scalar(double v, Tensor like) {
    for (int i = made.size() - 1; i >= 0; i--) {
      if (made.get(i).is(v, like.dtype(), like.device())) {
        return made.get(i).tensor();
      }
    }
    int[] scalar = {};
    Tensor t = like.dtype().computed() == DType.FLOAT64 ? Tensor.of(new double[] {v}, scalar) : Tensor.of(new float[] {(float) v}, scalar);
    made.add(new Made(v, like.dtype(), like.device(), t.to(like.device())));
    return made.getLast().tensor();
  }
}
