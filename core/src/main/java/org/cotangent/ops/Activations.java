package org.cotangent.ops;

import org.cotangent.Tensor;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Activation functions beside those that are methods of {@link Tensor}: relu, gelu, silu, sigmoid, tanh, softmax. */
public final class Activations {
  private Activations() {}

  /** x where positive, else slope x. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return Gate.named(OpName.of("leakyRelu"), () -> Tensor.where(x.gt(0), x, x.mul(slope)));
  }

  /** x where positive, else alpha (exp(x) - 1) (Clevert et al. 2015). */
  public static Tensor elu(Tensor x, double alpha) {
    return Gate.named(OpName.of("elu"), () -> {
      Tensor positive = x.gt(0);
      return Tensor.where(positive, x, x.maskedFill(positive, 0).expm1().mul(alpha));
    });
  }

  /** GELU with its distribution function replaced by (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 (Hendrycks and Gimpel 2016). */
  public static Tensor geluTanh(Tensor x) {
    double c = Math.sqrt(2 / Math.PI);
    return Gate.named(OpName.of("geluTanh", "Gelu"), () -> x.pow(3).mul(0.044715).add(x).mul(c).tanh().add(1).mul(x.mul(0.5)));
  }

  /** x tanh(softplus(x)) (Misra 2019). */
  public static Tensor mish(Tensor x) {
    return Gate.named(OpName.of("mish"), () -> x.mul(x.softplus().tanh()));
  }

  /** x / (1 + |x|). */
  public static Tensor softsign(Tensor x) {
    return Gate.named(OpName.of("softsign", "Div"), () -> x.div(x.abs().add(1)));
  }

  /** x limited to [low, high]. */
  public static Tensor hardtanh(Tensor x, double low, double high) {
    return Gate.named(OpName.of("hardtanh"), () -> x.clamp(low, high));
  }
}
