package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Reductions, running sums and softmax of the elements that a mask keeps: the others count as what changes nothing, 0 in a sum and 1 in
 * a product. Masks are bool and broadcast to the tensor; no axes are all axes. Where a mask keeps nothing, a sum is 0, a product 1, an
 * extreme infinite, and a mean, a variance, a median or a softmax NaN. Elements that are left out get no gradient.
 *
 * <p>All throw {@link DTypeException} for a mask that is not bool, and {@link ShapeException} for one that does not broadcast.
 */
public final class Masked {
  private static final double INF = Double.POSITIVE_INFINITY;

  private Masked() {}

  /** x with {@code identity} where the mask is false. */
  private static Tensor kept(String op, Tensor x, Tensor mask, double identity) {
    Tensor m = wide(op, x, mask);
    boolean least = !x.dtype().floating() && Double.isInfinite(identity);
    if (least) {
      return Tensor.where(m, x, Tensor.full(Shape.SCALAR, 0, x.dtype(), x.device()).add(end(x.dtype(), identity > 0)));
    }
    return x.maskedFill(m.not(), identity);
  }

  private static long end(DType t, boolean largest) {
    return switch (t) {
      case BOOL -> throw new DTypeException("masked extremes: of bool there are none; convert with to(DType.INT64)");
      case UINT8 -> largest ? 255 : 0;
      case INT8 -> largest ? Byte.MAX_VALUE : Byte.MIN_VALUE;
      case INT16 -> largest ? Short.MAX_VALUE : Short.MIN_VALUE;
      case INT32 -> largest ? Integer.MAX_VALUE : Integer.MIN_VALUE;
      default -> largest ? Long.MAX_VALUE : Long.MIN_VALUE;
    };
  }

  /** The mask in the shape of x. */
  private static Tensor wide(String op, Tensor x, Tensor mask) {
    if (mask.dtype() != DType.BOOL) {
      throw new DTypeException(op + ": the mask is " + mask.dtype() + ", not bool; convert with to(DType.BOOL)");
    }
    if (mask.rank() > x.rank() || !Shape.broadcast(op, x.shape(), mask.shape()).equals(x.shape())) {
      throw new ShapeException(op + ": the mask " + mask.shape() + " does not broadcast to " + x.shape());
    }
    return mask.expand(x.shape().dims());
  }

  /** Sum; integers give int64. */
  public static Tensor sum(Tensor x, Tensor mask, int[] axes, boolean keepdim) {
    return Gate.named(OpName.of("sum"), () -> kept("sum", x, mask, 0).sum(axes, keepdim));
  }

  /** Product; integers give int64. */
  public static Tensor prod(Tensor x, Tensor mask, int[] axes, boolean keepdim) {
    return Gate.named(OpName.of("prod"), () -> kept("prod", x, mask, 1).prod(axes, keepdim));
  }

  /** Largest elements; ties share the gradient evenly. */
  public static Tensor amax(Tensor x, Tensor mask, int[] axes, boolean keepdim) {
    return Gate.named(OpName.of("amax"), () -> kept("amax", x, mask, -INF).amax(axes, keepdim));
  }

  /** Smallest elements; ties share the gradient evenly. */
  public static Tensor amin(Tensor x, Tensor mask, int[] axes, boolean keepdim) {
    return Gate.named(OpName.of("amin"), () -> kept("amin", x, mask, INF).amin(axes, keepdim));
  }

  /** The places of the largest elements along an axis, int64; the first of equal ones. */
  public static Tensor argmax(Tensor x, Tensor mask, int axis, boolean keepdim) {
    return kept("argmax", x, mask, -INF).argmax(axis, keepdim);
  }

  /** The places of the smallest elements along an axis, int64; the first of equal ones. */
  public static Tensor argmin(Tensor x, Tensor mask, int axis, boolean keepdim) {
    return kept("argmin", x, mask, INF).argmin(axis, keepdim);
  }

  /** Mean; of integers and bool in float32. */
  public static Tensor mean(Tensor x, Tensor mask, int[] axes, boolean keepdim) {
    return Gate.named(OpName.of("mean"), () -> sum(x, mask, axes, keepdim).div(count("mean", x, mask, axes, keepdim)));
  }

  private static Tensor count(String op, Tensor x, Tensor mask, int[] axes, boolean keepdim) {
    return wide(op, x, mask).sum(axes, keepdim).to(x.dtype().floating() ? x.dtype() : DType.FLOAT32);
  }

  private static void floating(String op, Tensor x) {
    if (!x.dtype().floating()) {
      throw new DTypeException(op + ": needs a floating tensor, not " + x.dtype() + "; convert with to(DType.FLOAT32)");
    }
  }

  /** Variance: the sum of squared deviations over the count less {@code correction}, at least 0; of integers and bool in float32. */
  public static Tensor var(Tensor x, Tensor mask, int[] axes, int correction, boolean keepdim) {
    return Gate.named(OpName.of("var"), () -> {
      Tensor off = x.sub(mean(x, mask, axes, true));
      Tensor n = count("var", x, mask, axes, keepdim).sub(correction).clampMin(0.0);
      return sum(off.square(), mask, axes, keepdim).div(n);
    });
  }

  /** The root of {@link #var}. */
  public static Tensor std(Tensor x, Tensor mask, int[] axes, int correction, boolean keepdim) {
    return Gate.named(OpName.of("std"), () -> var(x, mask, axes, correction, keepdim).sqrt());
  }

  /** p-norm. */
  public static Tensor norm(Tensor x, Tensor mask, double p, int[] axes, boolean keepdim) {
    floating("norm", x);
    return Gate.named(OpName.of("norm"), () -> MatrixNorms.vectorNorm(kept("norm", x, mask, p == -INF ? INF : 0), p, axes, keepdim));
  }

  /**
   * log of the sum of exponentials, without overflow; minus infinity where the mask keeps nothing. Integers keep their type, as in PyTorch: the
   * logarithm, computed in float64, loses its fraction, and what is left out counts as the least integer.
   */
  public static Tensor logSumExp(Tensor x, Tensor mask, int[] axes, boolean keepdim) {
    return Gate.named(OpName.of("logSumExp"), () -> {
      Tensor all = kept("logSumExp", x, mask, -INF);
      return x.dtype().floating() ? all.logSumExp(axes, keepdim) : all.to(DType.FLOAT64).logSumExp(axes, keepdim).to(x.dtype());
    });
  }

  /** log(exp(x) + exp(y)) of what each one's mask keeps. */
  public static Tensor logAddExp(Tensor x, Tensor y, Tensor maskOfX, Tensor maskOfY) {
    return Gate.named(OpName.of("logAddExp"), () -> kept("logAddExp", x, maskOfX, -INF).logAddExp(kept("logAddExp", y, maskOfY, -INF)));
  }

  /**
   * The lower median along an axis; elements that are NaN count as left out, too. Integers and bool keep their type.
   *
   * @throws ArgumentException for integers of which the mask keeps nothing: there is no NaN for them
   */
  public static Tensor median(Tensor x, Tensor mask, int axis, boolean keepdim) {
    if (x.dtype().floating()) {
      return Gate.named(OpName.of("median"), () -> kept("median", x, mask, Double.NaN).nanMedian(axis, keepdim).values());
    }
    if (wide("median", x, mask).any(axis).not().any().itemLong() != 0) {
      throw new ArgumentException("median: the mask keeps nothing somewhere along axis " + axis + ", and " + x.dtype() + " has no NaN");
    }
    Tensor places = x.to(DType.FLOAT64).maskedFill(mask.expand(x.shape().dims()).not(), Double.NaN).nanMedian(axis, true).indices();
    return keepdim ? x.gather(axis, places) : x.gather(axis, places).squeeze(axis);
  }

  /** Running sum, in the type of x. */
  public static Tensor cumsum(Tensor x, Tensor mask, int axis) {
    return Gate.named(OpName.of("cumsum"), () -> kept("cumsum", x, mask, 0).cumsum(axis).to(x.dtype()));
  }

  /** Running product, in the type of x. */
  public static Tensor cumprod(Tensor x, Tensor mask, int axis) {
    return Gate.named(OpName.of("cumprod"), () -> kept("cumprod", x, mask, 1).cumprod(axis).to(x.dtype()));
  }

  /** exp(x) over its sum; 0 where the mask is false. */
  public static Tensor softmax(Tensor x, Tensor mask, int axis) {
    floating("softmax", x);
    return Gate.named(OpName.of("softmax"), () -> kept("softmax", x, mask, -INF).softmax(axis));
  }

  /** Logarithm of {@link #softmax}; minus infinity where the mask is false. */
  public static Tensor logSoftmax(Tensor x, Tensor mask, int axis) {
    floating("logSoftmax", x);
    return Gate.named(OpName.of("logSoftmax"), () -> kept("logSoftmax", x, mask, -INF).logSoftmax(axis));
  }

  /** {@link #softmax} of -x. */
  public static Tensor softmin(Tensor x, Tensor mask, int axis) {
    floating("softmin", x);
    return Gate.named(OpName.of("softmin"), () -> kept("softmin", x, mask, INF).neg().softmax(axis));
  }

  /** x over its p-norm along an axis, which counts as at least eps; 0 where the mask is false. */
  public static Tensor normalize(Tensor x, Tensor mask, double p, int axis, double eps) {
    floating("normalize", x);
    return Gate.named(OpName.of("normalize"), () -> {
      Tensor length = norm(x, mask, p, new int[] {axis}, true);
      return kept("normalize", x, mask, 0).div(length.maximum(Tensor.full(Shape.SCALAR, eps, x.dtype(), x.device())));
    });
  }
}
