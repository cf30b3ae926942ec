package org.cotangent.ops;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.cotangent.CustomFunction;
import org.cotangent.DType;
import org.cotangent.Tensor;

/**
 * A function of each element that is computed on the host in float64, whatever the device; for functions too rare to be a kernel. Its
 * slope is a composition, so derivatives have every order.
 */
final class HostFunction extends CustomFunction {
  private final DoubleUnaryOperator f;
  private final UnaryOperator<Tensor> slope;

  private HostFunction(String name, DoubleUnaryOperator f, UnaryOperator<Tensor> slope) {
    super(name);
    this.f = f;
    this.slope = slope;
  }

  /** f of each element of x, rounded once to the type of x; integers give float32. */
  static Tensor of(String name, Tensor x, DoubleUnaryOperator f, UnaryOperator<Tensor> slope) {
    DType type = x.dtype().floating() ? x.dtype() : DType.FLOAT32;
    DType wide = type.half() ? DType.FLOAT32 : type;
    return new HostFunction(name, f, slope).apply(x.to(wide)).to(type);
  }

  @Override
  protected Tensor forward(Context c, Tensor x) {
    c.save(x);
    double[] y = x.to(DType.FLOAT64).toDoubleArray();
    for (int i = 0; i < y.length; i++) {
      y[i] = f.applyAsDouble(y[i]);
    }
    return Tensor.of(y, x.shape().dims()).to(x.dtype()).to(x.device());
  }

  @Override
  protected Tensor vjp(Context c, Tensor ct) {
    return ct.mul(slope.apply(c.saved(0)));
  }

  @Override
  protected boolean hasJvp() {
    return true;
  }

  @Override
  protected Tensor[] jvp(Context c, Tensor[] t) {
    return new Tensor[] {t[0].mul(slope.apply(c.saved(0)))};
  }

  @Override
  protected boolean hasBatch() {
    return true;
  }

  @Override
  protected Tensor[] batch(Context c, int n, Tensor[] x, boolean[] mapped) {
    return new Tensor[] {forward(c, x[0])};
  }
}
