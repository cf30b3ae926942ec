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
    double[] a = in[0].to(DType.FLOAT64).toDoubleArray();
    double[] x = in[1].to(DType.FLOAT64).toDoubleArray();
    double[] log = in[0].to(DType.FLOAT64).add(1.0).lgamma().toDoubleArray();
    double[] y = new double[a.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = value(a[i], x[i], log[i]);
    }
    return new Tensor[] {Tensor.of(y, in[0].shape().dims()).to(in[0].dtype()).to(in[0].device())};
  }

  private static Tensor density(Tensor a, Tensor x) {
    return a.sub(1.0).xlogy(x).sub(x).sub(a.lgamma()).exp();
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

  // ---- numbers

  /** P or Q; {@code log} is the logarithm of Γ(a + 1). */
  private double value(double a, double x, double log) {
    if (a < 0 || x < 0 || a == 0 && !(x > 0) || Double.isInfinite(a) && Double.isInfinite(x)) {
      return Double.NaN;
    }
    if (a == 0 || x == 0 || Double.isInfinite(a) || Double.isInfinite(x)) {
      return (a == 0 || Double.isInfinite(x)) != upper ? 1 : 0;
    }
    if (Double.isNaN(a + x)) {
      return Double.NaN;
    }
    if (x < a + 1) {
      double p = Math.exp(logFactor(a, x, log)) * series(a, x);
      return upper ? 1 - p : p;
    }
    double q = Math.exp(logFactor(a, x, log)) * fraction(a, x) * a;
    return upper ? q : 1 - q;
  }

  /** Logarithm of x^a e^-x / Γ(a + 1); by Stirling's series where a is large, so that large terms do not cancel. */
  private static double logFactor(double a, double x, double log) {
    if (a < 50) {
      return a * Math.log(x) - x - log;
    }
    double m = (x - a) / a;
    double rest = (1 - (1 - 2 / (7 * a * a)) / (30 * a * a)) / (12 * a);
    return a * (Math.log1p(m) - m) - 0.5 * Math.log(2 * Math.PI * a) - rest;
  }

  /** 1 + x/(a+1) + x²/((a+1)(a+2)) + ... (6.5.29), all terms positive. */
  private static double series(double a, double x) {
    double term = 1;
    double sum = 1;
    for (double k = a + 1; term > sum * 0x1p-55; k++) {
      term *= x / k;
      sum += term;
    }
    return sum;
  }

  /** The continued fraction 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))) (6.5.31), by Lentz's method. */
  private static double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double f = d;
    for (int i = 1; i < 10_000_000; i++) {
      double n = -i * (i - a);
      b += 2;
      d = 1 / (n * d + b);
      c = b + n / c;
      double step = d * c;
      f *= step;
      if (Math.abs(step - 1) < 0x1p-52) {
        break;
      }
    }
    return f;
  }
}
