package org.cotangent.examples.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Tensor;

/**
 * A call as a function of one float64 vector, in which its differentiable inputs lie one after the other, so that the transforms of
 * functions of one tensor apply to it.
 */
final class Differential {
  /** The call on other values of its differentiable inputs: the differentiable outputs. */
  interface Body {
    /** The outputs. */
    Tensor[] call(List<Tensor> inputs);
  }

  private final Body body;
  private final List<Tensor> inputs;

  Differential(Body body, List<Tensor> inputs) {
    this.body = body;
    this.inputs = inputs;
  }

  private static Tensor packed(List<Tensor> parts) {
    return Tensor.cat(0, parts.stream().map(t -> t.to(DType.FLOAT64).reshape(-1)).toArray(Tensor[]::new));
  }

  private List<Tensor> unpacked(Tensor x) {
    var r = new ArrayList<Tensor>();
    int at = 0;
    for (Tensor t : inputs) {
      int n = (int) t.size();
      r.add(x.narrow(0, at, n).reshape(t.shape().dims()).to(t.dtype()));
      at += n;
    }
    return r;
  }

  private UnaryOperator<Tensor> output(int j) {
    return x -> body.call(unpacked(x))[j];
  }

  /** The tangent of output {@code j} for tangents of the inputs. */
  Tensor jvp(int j, List<Tensor> tangents) {
    return Autograd.jvp(output(j), packed(inputs), packed(tangents)).tangent();
  }

  /** The Jacobian of output {@code j} by reverse mode: for each input a matrix [elements of the output, elements of the input]. */
  List<Tensor> jacobian(int j) {
    Tensor rows = Autograd.jacrev(x -> output(j).apply(x).reshape(-1)).apply(packed(inputs));
    var r = new ArrayList<Tensor>();
    int at = 0;
    for (Tensor t : inputs) {
      int n = (int) t.size();
      r.add(rows.narrow(1, at, n));
      at += n;
    }
    return r;
  }
}
