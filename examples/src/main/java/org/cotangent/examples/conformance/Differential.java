package org.cotangent.examples.conformance;

import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.Jacobians;
import org.cotangent.Tensor;

/** A call as a function of its differentiable inputs, for the transforms of functions. */
final class Differential {
  /** The call on other values of its differentiable inputs: the differentiable outputs. */
  interface Body {
    /** The outputs. */
    List<Tensor> call(List<Tensor> inputs);
  }

  private final Body body;
  private final List<Tensor> inputs;

  Differential(Body body, List<Tensor> inputs) {
    this.body = body;
    this.inputs = inputs;
  }

  /** The tangents of the outputs for tangents of the inputs. */
  List<Tensor> jvp(List<Tensor> tangents) {
    return Autograd.jvpTree((List<Tensor> x) -> body.call(x), inputs, tangents).tangent();
  }

  /** The Jacobians of the outputs with respect to the inputs, by reverse mode. */
  Jacobians jacobian() {
    return Autograd.jacrevTree((List<Tensor> x) -> body.call(x), 0).apply(inputs);
  }
}
