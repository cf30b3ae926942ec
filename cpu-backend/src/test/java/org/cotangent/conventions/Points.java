package org.cotangent.conventions;

import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.Tensor;

/** Values and slopes of elementwise functions at points. */
final class Points {
  private Points() {}

  static double[] slope(UnaryOperator<Tensor> f, double... x) {
    return Autograd.grad(v -> f.apply(v).sum()).apply(Tensor.of(x)).toDoubleArray();
  }

  static double[] value(UnaryOperator<Tensor> f, double... x) {
    return f.apply(Tensor.of(x)).toDoubleArray();
  }
}
