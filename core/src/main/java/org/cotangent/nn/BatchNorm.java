package org.cotangent.nn;

import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.NormOptions;
import org.cotangent.ops.Norms;

/** What batch normalisations share: parameters "weight" and "bias" [c], buffers "running_mean", "running_var" and a count of batches. */
abstract class BatchNorm extends Layer {
  private final int channels;
  private final double eps;
  private final double momentum;
  private final int[] ranks;

  BatchNorm(int channels, double eps, double momentum, int... ranks) {
    if (channels < 1 || !(eps >= 0)) {
      throw new ArgumentException(name() + ": needs channels and no negative eps: " + channels + ", " + eps);
    }
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
    this.ranks = ranks;
    parameter("weight", Tensor.ones(channels));
    parameter("bias", Tensor.zeros(channels));
    buffer("running_mean", Tensor.zeros(channels).copy());
    buffer("running_var", Tensor.ones(channels).copy());
    buffer("num_batches_tracked", Tensor.full(Shape.SCALAR, 0, DType.INT64, Device.CPU));
  }

  @Override
  protected final Tensor forward(Tensor x) {
    if (java.util.Arrays.stream(ranks).noneMatch(r -> r == x.rank())) {
      throw new ShapeException(name() + ": expected input of " + java.util.Arrays.toString(ranks) + " axes, got " + x.shape());
    }
    NormOptions o = NormOptions.DEFAULT.weight(parameter("weight")).bias(parameter("bias"))
        .running(buffer("running_mean"), buffer("running_var")).training(training()).momentum(momentum).eps(eps);
    Tensor y = Norms.batchNorm(x, o);
    if (training()) {
      buffer("num_batches_tracked").apply_("batchNorm", n -> n.add(1L));
    }
    return y;
  }

  @Override
  protected final String settings() {
    return channels + ", eps=" + Text.number(eps) + ", momentum=" + Text.number(momentum) + ", affine=True, track_running_stats=True";
  }
}
