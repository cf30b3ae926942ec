package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.Tensor;

/**
 * Settings of {@link Norms#batchNorm}, {@link Norms#instanceNorm} and {@link Norms#groupNorm}.
 *
 * <pre>{@code batchNorm(x, NormOptions.DEFAULT.weight(w).bias(b).running(mean, variance).training(true))}</pre>
 *
 * @param weight a factor for each channel, [c]
 * @param bias a summand for each channel, [c]
 * @param runningMean means over many batches, [c], updated in place while training
 * @param runningVariance variances over many batches, [c], updated in place while training
 * @param training whether the input's own statistics are used, and the running ones updated
 * @param momentum the part of each new statistic in the running ones
 * @param eps what is added to variances
 */
public record NormOptions(
    Optional<Tensor> weight, Optional<Tensor> bias, Optional<Tensor> runningMean, Optional<Tensor> runningVariance,
    boolean training, double momentum, double eps) {
  /** The input's own statistics, neither weight nor bias, momentum 0.1, eps 1e-5. */
  public static final NormOptions DEFAULT =
      new NormOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true, 0.1, 1e-5);

  /** These settings with a factor for each channel. */
  public NormOptions weight(Tensor w) {
    return new NormOptions(Optional.of(w), bias, runningMean, runningVariance, training, momentum, eps);
  }

  /** These settings with a summand for each channel. */
  public NormOptions bias(Tensor b) {
    return new NormOptions(weight, Optional.of(b), runningMean, runningVariance, training, momentum, eps);
  }

  /** These settings with running statistics. */
  public NormOptions running(Tensor mean, Tensor variance) {
    return new NormOptions(weight, bias, Optional.of(mean), Optional.of(variance), training, momentum, eps);
  }

  /** These settings for training, or for use with the running statistics. */
  public NormOptions training(boolean on) {
    return new NormOptions(weight, bias, runningMean, runningVariance, on, momentum, eps);
  }

  /** These settings with another momentum. */
  public NormOptions momentum(double m) {
    return new NormOptions(weight, bias, runningMean, runningVariance, training, m, eps);
  }

  /** These settings with another eps. */
  public NormOptions eps(double e) {
    return new NormOptions(weight, bias, runningMean, runningVariance, training, momentum, e);
  }
}
