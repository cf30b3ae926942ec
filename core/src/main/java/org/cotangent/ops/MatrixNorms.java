package org.cotangent.ops;

import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Norms of vectors and matrices.
 *
 * <p>All throw {@link DTypeException} for integers and {@link ShapeException} for axes that do not fit.
 */
public final class MatrixNorms {
  private MatrixNorms() {}

  /** A norm of matrices that is no number. */
  public enum Kind {
    /** Frobenius: root of the sum of squares. */
    FRO,
    /** Nuclear: sum of the singular values. */
    NUC
  }

  /**
   * The p-norm over axes, or over all elements without axes: (sum of |x|^p)^(1/p) for any p, the number of non-zeros for 0, the largest
   * and smallest |x| for infinity and -infinity. Its slope at 0 is 0.
   */
  public static Tensor vectorNorm(Tensor x, double p, int[] axes, boolean keepdim) {
    floating("vectorNorm", x);
    if (p < 0 || p == Double.POSITIVE_INFINITY) {
      for (int a : axes.length == 0 ? all(x) : axes) {
        if (x.rank() > 0 && x.size(a) == 0) {
          throw new ShapeException("vectorNorm: cannot compute the " + p + " norm on an axis of size 0: " + x.shape());
        }
      }
    }
    if (p == 1 || p == 2 || Double.isInfinite(p)) {
      return x.norm(p, axes, keepdim);
    }
    return Gate.named(OpName.of("norm", "LinalgVectorNorm"), () -> {
      if (p == 0) {
        return Primitives.pointwise(Expr.cast(x.dtype(), Expr.call(Fn.NE, Expr.arg(0), Expr.ZERO)), x).sum(axes, keepdim);
      }
      return Primitives.pointwise(power(Expr.arg(0), 1 / p, p), Primitives.pointwise(power(Expr.call(Fn.ABS, Expr.arg(0)), p, p), x)
          .sum(axes, keepdim));
    });
  }

  /** x^p with slope 0 instead of infinity at 0, where it is 0, or infinity if {@code sign} is negative. */
  private static Expr power(Expr x, double p, double sign) {
    Expr zero = Expr.call(Fn.EQ, x, Expr.ZERO);
    Expr safe = Expr.where(zero, Expr.ONE, x);
    return Expr.where(zero, Expr.constant(sign < 0 ? Double.POSITIVE_INFINITY : 0), Expr.call(Fn.POW, safe, Expr.constant(p)));
  }

  private static int[] all(Tensor x) {
    return java.util.stream.IntStream.range(0, x.rank()).toArray();
  }

  /** The norm of a vector, Frobenius norm of a matrix, or root of the sum of squares of all elements. */
  public static Tensor norm(Tensor x) {
    return vectorNorm(x, 2, new int[0], false);
  }

  /**
   * Matrix norms over two axes, rows and columns: 1 and -1 the largest and smallest sum of absolute values of a column, infinity and
   * -infinity of a row, 2 and -2 the largest and smallest singular value.
   *
   * @throws ArgumentException for another order or equal axes
   */
  public static Tensor matrixNorm(Tensor x, double order, int[] axes, boolean keepdim) {
    int[] two = two(x, axes);
    double size = Math.abs(order);
    if (size == 2) {
      return Gate.named(OpName.of("matrixNorm", order > 0 ? "Amax" : "Amin"), () -> {
        Tensor s = singular(x, two);
        return kept(order > 0 ? s.amax(new int[] {-1}, false) : s.amin(new int[] {-1}, false), x, two, keepdim);
      });
    }
    if (size != 1 && size != Double.POSITIVE_INFINITY) {
      throw new ArgumentException("matrixNorm: order " + order + " not supported: 1, 2, infinity and their negatives are");
    }
    int sum = size == 1 ? two[0] : two[1];
    int pick = size == 1 ? two[1] : two[0];
    return Gate.named(OpName.of("matrixNorm", order > 0 ? "Amax" : "Amin"), () -> {
      Tensor sums = x.abs().sum(new int[] {sum}, true);
      Tensor y = order > 0 ? sums.amax(new int[] {pick}, true) : sums.amin(new int[] {pick}, true);
      return keepdim ? y : y.squeeze(two[0], two[1]);
    });
  }

  /** Frobenius or nuclear norm over two axes. */
  public static Tensor matrixNorm(Tensor x, Kind kind, int[] axes, boolean keepdim) {
    int[] two = two(x, axes);
    return switch (kind) {
      case FRO -> x.norm(2, two, keepdim);
      case NUC -> Gate.named(OpName.of("matrixNorm", "Sum"), () -> kept(singular(x, two).sum(-1), x, two, keepdim));
    };
  }

  private static Tensor singular(Tensor x, int[] two) {
    int r = x.rank();
    int a = two[0];
    int b = two[1];
    int[] p = new int[r];
    for (int i = 0, k = 0; i < r; i++) {
      if (i != a && i != b) {
        p[k++] = i;
      }
    }
    p[r - 2] = a;
    p[r - 1] = b;
    return Primitives.svd(x.permute(p), false)[1];
  }

  private static Tensor kept(Tensor y, Tensor x, int[] two, boolean keepdim) {
    if (!keepdim) {
      return y;
    }
    Shape s = x.shape().with(two[0], 1).with(two[1], 1);
    return y.reshape(s.dims());
  }

  private static int[] two(Tensor x, int[] axes) {
    floating("matrixNorm", x);
    if (axes.length != 2) {
      throw new ArgumentException("matrixNorm: dim must be a 2-tuple, got " + java.util.Arrays.toString(axes));
    }
    if (x.rank() < 2) {
      throw new ShapeException("matrixNorm: the input tensor A must have at least 2 dimensions: " + x.shape());
    }
    int a = x.shape().axis("matrixNorm", axes[0]);
    int b = x.shape().axis("matrixNorm", axes[1]);
    if (a == b) {
      throw new ArgumentException("matrixNorm: dims must be different, got " + java.util.Arrays.toString(axes));
    }
    return new int[] {a, b};
  }

  private static void floating(String op, Tensor x) {
    if (!x.dtype().floating()) {
      throw new DTypeException(op + ": expected a floating point tensor as input, not " + x.dtype() + "; convert with to(DType.FLOAT64)");
    }
  }
}
