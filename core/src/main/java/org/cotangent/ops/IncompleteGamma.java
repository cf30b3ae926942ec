package org.cotangent.ops;

import org.cotangent.CustomFunction;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;

/**
 * The regularised incomplete gamma functions P(a, x), the integral of t^(a-1) e^-t / Γ(a) from 0 to x, and Q = 1 - P (Abramowitz and
 * Stegun, 6.5). By x both are differentiable to any order; by a they have no derivative here, as in PyTorch: an a that requires grad is
 * refused, and where that cannot be seen, in transforms of functions, its derivative is NaN. They are computed on the host in float64.
 */
public final class IncompleteGamma extends CustomFunction {
  private final boolean upper;

  private IncompleteGamma(boolean upper) {
    super(upper ? "igammac" : "igamma");
    this.upper = upper;
  }

  /**
   * P(a, x) of tensors that broadcast; NaN where either is negative.
   *
   * @throws DTypeException for integers
   * @throws GradientException if a requires grad
   */
  public static Tensor igamma(Tensor a, Tensor x) {
    return of("igamma", false, a, x);
  }

  /**
   * Q(a, x) = 1 - P(a, x), accurate where it is small, too.
   *
   * @throws DTypeException for integers
   * @throws GradientException if a requires grad
   */
  public static Tensor igammac(Tensor a, Tensor x) {
    return of("igammac", true, a, x);
  }

  private static Tensor of(String op, boolean upper, Tensor a, Tensor x) {
    DType type = DType.promote(a.dtype(), x.dtype());
    if (!a.dtype().floating() || !x.dtype().floating()) {
      throw new DTypeException(op + ": needs floating tensors, not " + a.dtype() + " and " + x.dtype() + "; convert with to(DType.FLOAT32)");
    }
    if (a.requiresGrad()) {
      throw new GradientException(op + ": there is no derivative by the first argument; detach it");
    }
    Shape s = Shape.broadcast(op, a.shape(), x.shape());
    DType wide = type.half() ? DType.FLOAT32 : type;
    return new IncompleteGamma(upper).apply(a.to(wide).expand(s.dims()), x.to(wide).expand(s.dims()))[0].to(type);
  }

  @Override
  protected Tensor[] forward(Context c, Tensor[] in) {
    c.save(in);
    Tensor a = in[0].to(DType.FLOAT64);
    Tensor x = in[1].to(DType.FLOAT64);
    Tensor next = a.add(1.0);
    Tensor excess = excess(x.sub(a).div(a));
    double[] as = a.toDoubleArray();
    double[] xs = x.toDoubleArray();
    double[] logs = next.lgamma().add(a.sub(next.sub(1.0)).mul(next.digamma())).toDoubleArray();
    double[] excesses = excess.toDoubleArray();
    double[] tails = excess.mul(a).neg().sqrt().erfcx().toDoubleArray();
    double[] y = new double[as.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = IncompleteGammaNumbers.value(new IncompleteGammaNumbers.Place(as[i], xs[i], logs[i], excesses[i], tails[i]), upper);
    }
    return new Tensor[] {Tensor.of(y, in[0].shape().dims()).to(in[0].dtype()).to(in[0].device())};
  }

  /** log(1 + m) - m: with s = m / (2 + m) near 0 it is -m s + 2 (s³/3 + s⁵/5 + ...), of which nothing cancels. */
  private static Tensor excess(Tensor m) {
    Tensor near = m.gt(-0.3).logicalAnd(m.lt(0.4));
    Tensor little = m.maskedFill(near.logicalNot(), 0);
    Tensor s = little.div(little.add(2.0));
    Tensor square = s.square();
    Tensor sum = square.mul(1.0 / 25);
    for (int n = 23; n >= 3; n -= 2) {
      sum = sum.add(1.0 / n).mul(square);
    }
    Tensor large = m.maskedFill(near, 1);
    return Tensor.where(near, s.mul(sum.mul(2.0).sub(little)), large.log1p().sub(large));
  }

  /** x^(a-1) e^-x / Γ(a), by Stirling's series of Γ where a is large: the terms of its logarithm cancel there. */
  private static Tensor density(Tensor a, Tensor x) {
    Tensor large = a.ge(IncompleteGammaNumbers.LARGE);
    Tensor few = a.maskedFill(large, 1);
    Tensor plain = few.sub(1.0).xlogy(x.maskedFill(large, 1)).sub(x.maskedFill(large, 1)).sub(few.lgamma()).exp();
    Tensor small = large.logicalNot();
    Tensor b = a.maskedFill(small, 1);
    Tensor y = x.maskedFill(small, 1);
    Tensor inverse = b.reciprocal();
    Tensor square = inverse.square();
    Tensor rest = inverse.mul(square.mul(square.mul(square.mul(-1.0 / 1680).add(1.0 / 1260)).sub(1.0 / 360)).add(1.0 / 12));
    Tensor peak = excess(y.sub(b).div(b)).mul(b).sub(rest).exp();
    return Tensor.where(large, peak.mul(b.div(2 * Math.PI).sqrt()).div(y.clampMin(1e-30)), plain);
  }

  @Override
  protected Tensor[] vjp(Context c, Tensor[] ct) {
    Tensor d = density(c.saved(0), c.saved(1)).mul(ct[0]);
    return new Tensor[] {ct[0].mul(Double.NaN), upper ? d.neg() : d};
  }

  @Override
  protected boolean hasJvp() {
    return true;
  }

  @Override
  protected Tensor[] jvp(Context c, Tensor[] t) {
    Tensor d = density(c.saved(0), c.saved(1)).mul(t[1]);
    return new Tensor[] {(upper ? d.neg() : d).maskedFill(t[0].ne(0), Double.NaN)};
  }

  @Override
  protected boolean hasBatch() {
    return true;
  }

  @Override
  protected Tensor[] batch(Context c, int n, Tensor[] in, boolean[] mapped) {
    Shape s = in[mapped[0] ? 0 : 1].shape();
    return forward(c, new Tensor[] {in[0].expand(s.dims()), in[1].expand(s.dims())});
  }
}
