package org.cotangent.ops;

import static org.cotangent.expr.Expr.ONE;
import static org.cotangent.expr.Expr.ZERO;
import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

import org.cotangent.Autocast;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Activation functions beside those that are methods of {@link Tensor}: relu, gelu, silu, sigmoid, tanh, softmax. Each that is
 * pointwise is one kernel, and so is its backward pass. A NaN stays NaN unless said otherwise.
 */
public final class Activations {
  private static final Expr X = arg(0);
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
  private static final double SELU_SCALE = 1.0507009873554804934193349852946;

  private Activations() {}

  private static Tensor apply(String op, Expr e, Tensor... xs) {
    return Gate.named(OpName.of(op), () -> Primitives.pointwise(e, xs));
  }

  private static Expr times(double c, Expr e) {
    return c == 1 ? e : call(Fn.MUL, constant(c), e);
  }

  /** x where positive, else slope x. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return apply("leakyRelu", where(call(Fn.GT, X, ZERO), X, times(slope, X)), x);
  }

  /** x where positive, else weight x; see {@link #prelu}. */
  private static final Expr PRELU = where(call(Fn.GT, X, ZERO), X, call(Fn.MUL, arg(1), X));

  /**
   * x where positive, else weight x (He et al. 2015): one weight, [] or [1], or one for each channel, [c] with x [n, c, ...].
   *
   * @throws ShapeException if the weights do not fit the channels: "prelu: 3 weights do not fit the 4 channels of [2, 4, 5]"
   */
  public static Tensor prelu(Tensor x, Tensor weight) {
    if (weight.size() == 1) {
      return apply("prelu", PRELU, Autocast.lower(x), Autocast.lower(weight.reshape()));
    }
    if (weight.rank() != 1) {
      throw new ShapeException("prelu: weights " + weight.shape() + " are no vector; expected [c] or []");
    }
    if (x.rank() == 0) {
      throw new ShapeException("prelu: a scalar has no channels for the weights " + weight.shape() + "; pass one weight");
    }
    int channels = x.rank() > 1 ? x.size(1) : 1;
    if (channels != weight.size(0)) {
      throw new ShapeException("prelu: " + weight.size(0) + " weights do not fit the " + channels + " channels of " + x.shape());
    }
    return apply("prelu", PRELU, Autocast.lower(x), Autocast.lower(Norms.alongChannels(weight, x.rank())));
  }

  /** x where positive, else alpha (exp(x) - 1) (Clevert et al. 2015). */
  public static Tensor elu(Tensor x, double alpha) {
    return apply("elu", exponential(alpha, 1, 1), x);
  }

  /**
   * x where positive, else alpha (exp(x / alpha) - 1) (Barron 2017).
   *
   * @throws ArgumentException if alpha is 0
   */
  public static Tensor celu(Tensor x, double alpha) {
    if (alpha == 0) {
      throw new ArgumentException("celu: alpha cannot be 0: it divides");
    }
    return Gate.named(OpName.of("celu", "Elu"), () -> Primitives.pointwise(exponential(alpha, 1, 1 / alpha), x));
  }

  /** scale x where positive, else scale alpha (exp(x) - 1), with the constants of Klambauer et al. 2017. */
  public static Tensor selu(Tensor x) {
    return Gate.named(OpName.of("selu", "Elu"), () -> Primitives.pointwise(exponential(SELU_ALPHA * SELU_SCALE, SELU_SCALE, 1), x));
  }

  private static Expr exponential(double below, double above, double inner) {
    Expr e = call(Fn.ADD, ZERO, call(Fn.EXPM1, times(inner, X))); // 0 and not -0 at -0
    return where(call(Fn.GE, ZERO, X), times(below, e), times(above, X));
  }

  /** GELU with its distribution function replaced by (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 (Hendrycks and Gimpel 2016). */
  public static Tensor geluTanh(Tensor x) {
    Expr cube = call(Fn.MUL, call(Fn.MUL, X, X), X);
    Expr inner = times(Math.sqrt(2 / Math.PI), call(Fn.ADD, X, times(0.044715, cube)));
    Expr e = call(Fn.MUL, times(0.5, X), call(Fn.ADD, ONE, call(Fn.TANH, inner)));
    return Gate.named(OpName.of("geluTanh", "Gelu"), () -> Primitives.pointwise(e, x));
  }

  /** x tanh(softplus(x)) (Misra 2019). */
  public static Tensor mish(Tensor x) {
    return apply("mish", call(Fn.MUL, X, call(Fn.TANH, call(Fn.SOFTPLUS, X))), x);
  }

  /** log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold. */
  public static Tensor softplus(Tensor x, double beta, double threshold) {
    Expr z = times(beta, X);
    Expr smooth = beta == 1 ? call(Fn.SOFTPLUS, z) : call(Fn.DIV, call(Fn.SOFTPLUS, z), constant(beta));
    return apply("softplus", where(call(Fn.GT, z, constant(threshold)), X, smooth), x);
  }

  /** x / (1 + |x|). */
  public static Tensor softsign(Tensor x) {
    Expr e = call(Fn.DIV, X, call(Fn.ADD, call(Fn.ABS, X), ONE));
    return Gate.named(OpName.of("softsign", "Div"), () -> Primitives.pointwise(e, x));
  }

  /** x - tanh(x). */
  public static Tensor tanhshrink(Tensor x) {
    return Gate.named(OpName.of("tanhshrink", "Sub"), () -> Primitives.pointwise(call(Fn.SUB, X, call(Fn.TANH, X)), x));
  }

  /** 0 from -lambda to lambda, x elsewhere; a negative lambda changes nothing. */
  public static Tensor hardshrink(Tensor x, double lambda) {
    Expr inside = call(Fn.AND, call(Fn.GE, X, constant(-lambda)), call(Fn.GE, constant(lambda), X));
    return apply("hardshrink", where(inside, ZERO, X), x);
  }

  /**
   * x - lambda above lambda, x + lambda below -lambda, 0 between and for NaN. The gradient is 0 from -lambda to lambda and passes
   * elsewhere, so that it passes for NaN too, as in PyTorch 1.13.
   *
   * @throws ArgumentException if lambda is negative
   */
  public static Tensor softshrink(Tensor x, double lambda) {
    if (!(lambda >= 0)) {
      throw new ArgumentException("softshrink: lambda must be greater or equal to 0: " + lambda);
    }
    Expr l = constant(lambda);
    Expr nan = where(call(Fn.NE, X, X), Expr.withSlopeOf(X, ZERO), ZERO);
    Expr below = where(call(Fn.GT, constant(-lambda), X), call(Fn.ADD, X, l), nan);
    return apply("softshrink", where(call(Fn.GT, X, l), call(Fn.SUB, X, l), below), x);
  }

  /** x above the threshold, else the value; integers stay integers. */
  public static Tensor threshold(Tensor x, double threshold, double value) {
    if (!x.dtype().floating()) {
      return x.maskedFill(x.le(threshold), value);
    }
    return apply("threshold", where(call(Fn.GE, constant(threshold), X), constant(value), X), x);
  }

  /**
   * x limited to [low, high]; the gradient is 0 at the bounds too. Where low is above high, high. Integers stay integers, and the bounds lose
   * their fractions for them.
   *
   * @throws DTypeException for bool, and for uint8 with a negative bound
   */
  public static Tensor hardtanh(Tensor x, double low, double high) {
    return x.dtype().floating() ? apply("hardtanh", limited(low, high), x) : limitedIntegers("hardtanh", x, low, high);
  }

  /**
   * x limited to [0, 6]; the gradient is 0 at the bounds too. Integers stay integers.
   *
   * @throws DTypeException for bool
   */
  public static Tensor relu6(Tensor x) {
    return x.dtype().floating() ? Gate.named(OpName.of("relu6", "Hardtanh"), () -> Primitives.pointwise(limited(0, 6), x))
        : limitedIntegers("relu6", x, 0, 6);
  }

  private static Tensor limitedIntegers(String op, Tensor x, double low, double high) {
    if (x.dtype() == DType.BOOL || x.dtype() == DType.UINT8 && (low < 0 || high < 0)) {
      throw new DTypeException(op + ": " + x.dtype() + " cannot be limited to [" + low + ", " + high + "]; convert with to(dtype)");
    }
    return Gate.named(OpName.of(op), () -> x.clampMin((long) low).clampMax((long) high));
  }

  private static Expr limited(double low, double high) {
    Expr signedZero = where(call(Fn.EQ, X, ZERO), call(Fn.COPYSIGN, ZERO, X), ZERO);
    Expr raised = where(call(Fn.GE, constant(low), X), low == 0 ? signedZero : constant(low), X);
    return where(call(Fn.GE, raised, constant(high)), constant(high), raised);
  }

  /**
   * (x + 3) / 6 limited to [0, 1] (Howard et al. 2019); the gradient is 0 at the bounds and for NaN, and between them 1/6 rounded to
   * float32, in float64 too: 0.16666667163372 (PyTorch 1.13, whose backward kernel has the factor as a float).
   */
  public static Tensor hardsigmoid(Tensor x) {
    Expr three = constant(3);
    Expr middle = Expr.withSlopeOf(times(1f / 6f, X), call(Fn.DIV, call(Fn.ADD, X, three), constant(6)));
    Expr inside = call(Fn.AND, call(Fn.GT, X, constant(-3)), call(Fn.GT, three, X));
    Expr limit = where(call(Fn.GE, X, three), ONE, where(call(Fn.GE, constant(-3), X), ZERO, constant(Double.NaN)));
    return apply("hardsigmoid", where(inside, middle, limit), x);
  }

  /** 0 below -3, x above 3, x (x + 3) / 6 between (Howard et al. 2019). */
  public static Tensor hardswish(Tensor x) {
    Expr middle = call(Fn.DIV, call(Fn.MUL, X, call(Fn.ADD, X, constant(3))), constant(6));
    return apply("hardswish", where(call(Fn.GT, constant(-3), X), ZERO, where(call(Fn.GT, constant(3), X), middle, X)), x);
  }

  /** softmax(-x) along an axis. */
  public static Tensor softmin(Tensor x, int axis) {
    return Gate.named(OpName.of("softmin", "Softmax"), () -> x.neg().softmax(axis));
  }

  /**
   * a σ(b) for the halves a, b of an axis (Dauphin et al. 2017): [..., 2 n, ...] → [..., n, ...].
   *
   * @throws ShapeException if the axis has an odd size
   */
  public static Tensor glu(Tensor x, int axis) {
    if (x.rank() == 0) {
      throw new ShapeException("glu: does not support 0-dimensional tensors; pass at least one axis");
    }
    int a = x.shape().axis("glu", axis);
    int n = x.size(a);
    if (n % 2 != 0) {
      throw new ShapeException("glu: halving dimension must be even, but dimension " + a + " is size " + n + ": " + x.shape());
    }
    return Gate.named(OpName.of("glu"), () -> x.narrow(a, 0, n / 2).mul(x.narrow(a, n / 2, n / 2).sigmoid()));
  }
}
