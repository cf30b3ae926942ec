package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.NormOptions;
import org.cotangent.ops.Norms;

/**
 * Normalises each group of channels of each example of [n, c, ...], then scales and shifts (Wu and He 2018).
 *
 * <p>Parameters "weight", at first ones, and "bias", at first zeros, of shape [c].
 */
public final class GroupNorm extends Layer {
  private final int groups;
  private final int channels;
  private final double eps;
  private final boolean affine;

  /** With an eps of 1e-5, weight and bias. */
  public GroupNorm(int groups, int channels) {
    this(groups, channels, 1e-5, true);
  }

  /**
   * With or without weight and bias.
   *
   * @throws ArgumentException if the groups do not divide the channels or eps is negative
   */
  public GroupNorm(int groups, int channels, double eps, boolean affine) {
    if (groups < 1 || channels < 1 || channels % groups != 0 || !(eps >= 0)) {
      throw new ArgumentException("GroupNorm: " + groups + " groups do not divide " + channels + " channels, or eps is negative: " + eps);
    }
    this.groups = groups;
    this.channels = channels;
    this.eps = eps;
    this.affine = affine;
    if (affine) {
      parameter("weight", Tensor.ones(channels));
      parameter("bias", Tensor.zeros(channels));
    }
  }

  @Override
  protected Tensor forward(Tensor x) {
    NormOptions o = NormOptions.DEFAULT.eps(eps);
    return Norms.groupNorm(x, groups, affine ? o.weight(parameter("weight")).bias(parameter("bias")) : o);
  }

  @Override
  protected String settings() {
    return groups + ", " + channels + ", eps=" + Text.number(eps) + ", affine=" + Text.flag(affine);
  }
}
