package org.cotangent.nn;

import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Functional;

/**
 * What single recurrent steps share: "weight_ih" [gates · hidden, in], "weight_hh" [gates · hidden, hidden], "bias_ih" and "bias_hh",
 * uniform in ±1/√hidden. {@link #apply} steps from zero states and gives the hidden one.
 */
abstract class RecurrentCell extends Layer {
  private final int in;
  private final int hidden;
  private final boolean bias;

  RecurrentCell(int in, int hidden, int gates, boolean bias, Generator g) {
    if (in < 1 || hidden < 1) {
      throw new ArgumentException(name() + ": sizes are not positive: input " + in + ", hidden " + hidden);
    }
    this.in = in;
    this.hidden = hidden;
    this.bias = bias;
    double bound = 1 / Math.sqrt(hidden);
    parameter("weight_ih", Init.uniform_(Tensor.zeros(gates * hidden, in), -bound, bound, g));
    parameter("weight_hh", Init.uniform_(Tensor.zeros(gates * hidden, hidden), -bound, bound, g));
    if (bias) {
      parameter("bias_ih", Init.uniform_(Tensor.zeros(gates * hidden), -bound, bound, g));
      parameter("bias_hh", Init.uniform_(Tensor.zeros(gates * hidden), -bound, bound, g));
    }
  }

  final Tensor fromInput(Tensor x) {
    if (x.rank() < 1 || x.rank() > 2 || x.size(-1) != in) {
      throw new ShapeException(name() + ": expected [n, " + in + "] or [" + in + "], but got " + x.shape());
    }
    return projected(x, "ih");
  }

  final Tensor fromState(Tensor x, Tensor state) {
    fits(x, state);
    return projected(state, "hh");
  }

  final void fits(Tensor x, Tensor state) {
    Shape s = x.shape().range(0, x.rank() - 1).append(hidden);
    if (!state.shape().equals(s)) {
      throw new ShapeException(name() + ": expected a state " + s + ", got " + state.shape());
    }
  }

  private Tensor projected(Tensor x, String what) {
    Tensor w = parameter("weight_" + what);
    return bias ? Functional.linear(x, w, parameter("bias_" + what)) : Functional.linear(x, w);
  }

  final Tensor zeros(Tensor x) {
    int lead = Math.max(0, x.rank() - 1);
    return Tensor.full(x.shape().range(0, lead).append(hidden), 0, x.dtype(), x.device());
  }

  @Override
  protected String settings() {
    return in + ", " + hidden + (bias ? "" : ", bias=False");
  }
}
