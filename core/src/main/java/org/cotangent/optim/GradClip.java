package org.cotangent.optim;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/** Limits of gradients, for use between backward() and step(). Tensors without a gradient are left out. */
public final class GradClip {
  private GradClip() {}

  /** As {@link #norm(List, double, double)} with the Euclidean norm. */
  public static Tensor norm(List<Tensor> parameters, double maxNorm) {
    return norm(parameters, maxNorm, 2);
  }

  /**
   * Scales all gradients by one factor so that the p-norm of all together is at most {@code maxNorm} (Pascanu et al. 2013); returns
   * the norm before, a scalar. The factor is maxNorm / (norm + 1e-6), and 1 at most, as in PyTorch. Nothing is read back.
   *
   * @param p the order of the norm; infinity for the largest element
   * @throws ArgumentException if maxNorm is negative or p not positive
   */
  public static Tensor norm(List<Tensor> parameters, double maxNorm, double p) {
    Optimizer.notNegative("clip norm", maxNorm);
    if (!(p > 0)) {
      throw new ArgumentException("clip norm: order of the norm is not positive: " + p);
    }
    return Autograd.noGrad(() -> {
      List<Tensor> g = gradients(parameters);
      if (g.isEmpty()) {
        return Tensor.scalar(0f);
      }
      Tensor first = g.get(0);
      Tensor total = Tensor.stack(g.stream().map(x -> x.norm(p).to(first.device())).toArray(Tensor[]::new)).norm(p);
      Tensor factor = total.add(1e-6).rdiv(maxNorm).clamp(0, 1);
      write(g, g.stream().map(x -> x.mul(factor.to(x.device()))).toList());
      return total;
    });
  }

  /**
   * Limits each element of each gradient to [-limit, limit].
   *
   * @throws ArgumentException if the limit is negative
   */
  public static void value(List<Tensor> parameters, double limit) {
    Optimizer.notNegative("clip value", limit);
    Autograd.noGrad(() -> {
      List<Tensor> g = gradients(parameters);
      write(g, g.stream().map(x -> x.clamp(-limit, limit)).toList());
    });
  }

  private static List<Tensor> gradients(List<Tensor> parameters) {
    var g = new ArrayList<Tensor>();
    for (Tensor p : parameters) {
      if (p.hasGrad()) {
        g.add(p.grad());
      }
    }
    return g;
  }

  private static void write(List<Tensor> gradients, List<Tensor> next) {
    for (int i = 0; i < next.size(); i++) {
      Tensor y = next.get(i);
      gradients.get(i).apply_("clip", x -> y);
    }
  }
}
