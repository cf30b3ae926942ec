package org.cotangent.nn;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.NormOptions;
import org.cotangent.ops.Norms;

/** What instance normalisations share; parameters and buffers as of {@link BatchNorm}, if there are any. */
abstract class InstanceNorm extends Layer {
  private final int channels;
  private final double eps;
  private final double momentum;
  private final boolean affine;
  private final boolean tracking;
  private final int axes;

  InstanceNorm(int channels, double eps, double momentum, boolean affine, boolean tracking, int axes) {
    if (channels < 1 || !(eps >= 0)) {
      throw new ArgumentException(name() + ": needs channels and no negative eps: " + channels + ", " + eps);
    }
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.tracking = tracking;
    this.axes = axes;
    if (affine) {
      parameter("weight", Tensor.ones(channels));
      parameter("bias", Tensor.zeros(channels));
    }
    if (tracking) {
      buffer("running_mean", Tensor.zeros(channels).copy());
      buffer("running_var", Tensor.ones(channels).copy());
      buffer("num_batches_tracked", Tensor.full(Shape.SCALAR, 0, DType.INT64, Device.CPU));
    }
  }

  @Override
  protected final Tensor forward(Tensor x) {
    int[] ranks = {axes + 1, axes + 2};
    if (Arrays.stream(ranks).noneMatch(r -> r == x.rank()) || x.size(x.rank() - axes - 1) != channels) {
      throw new ShapeException(name() + ": expected input of " + Arrays.toString(ranks) + " axes with " + channels + " channels, got "
          + x.shape());
    }
    NormOptions o = NormOptions.DEFAULT.training(training() || !tracking).momentum(momentum).eps(eps);
    o = affine ? o.weight(parameter("weight")).bias(parameter("bias")) : o;
    o = tracking ? o.running(buffer("running_mean"), buffer("running_var")) : o;
    boolean single = x.rank() == axes + 1;
    Tensor y = Norms.instanceNorm(single ? x.unsqueeze(0) : x, o);
    return single ? y.squeeze(0) : y;
  }

  @Override
  protected final String settings() {
    return channels + ", eps=" + Text.number(eps) + ", momentum=" + Text.number(momentum) + ", affine=" + Text.flag(affine)
        + ", track_running_stats=" + Text.flag(tracking);
  }
}
