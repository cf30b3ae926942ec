package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.errors.TransformException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Linear algebra on matrices in the last two axes; leading axes count matrices, and broadcast where two tensors meet.
 *
 * <p>All throw {@link ShapeException} for what is no (square) matrix or does not fit, {@link DTypeException} for integers, and
 * {@link org.cotangent.errors.MatrixException} for a matrix that has not what is asked for, which it names.
 */
public final class Linalg {
  private Linalg() {}

  /** A matrix, a permutation of rows and a sign; see {@link #lu}. */
  public record LuFactors(Tensor factors, Tensor order, Tensor sign) {}

  /** A = U diag(S) Vᵀ; see {@link #svd}. */
  public record Singular(Tensor u, Tensor s, Tensor vt) {}

  /** The sign of a determinant, and the logarithm of its absolute value. */
  public record SignedLog(Tensor sign, Tensor logAbs) {}

  private static void square(String op, Tensor a) {
    matrix(op, a);
    if (a.size(-1) != a.size(-2)) {
      throw new ShapeException(op + ": A must be batches of square matrices, but they are " + a.size(-2) + " by " + a.size(-1)
          + " matrices: "
          + a.shape());
    }
  }

  private static void matrix(String op, Tensor a) {
    if (a.rank() < 2) {
      throw new ShapeException(op + ": the input tensor A must have at least 2 dimensions: " + a.shape());
    }
    if (!a.dtype().floating()) {
      throw new DTypeException(op + ": expected a floating point tensor, not " + a.dtype() + "; convert with to(DType.FLOAT64)");
    }
  }

  private static Tensor mT(Tensor a) {
    return a.transpose(-2, -1);
  }

  /**
   * The lower triangular L with A = L Lᵀ for a symmetric positive definite A, [..., n, n]; its lower triangle is read.
   *
   * @throws org.cotangent.errors.MatrixException if a matrix is not positive definite: "cholesky: matrix 1 of 3 is not
   *     positive-definite: the leading minor of order 2 is not positive"
   */
  public static Tensor cholesky(Tensor a) {
    square("cholesky", a);
    return Primitives.cholesky(a, true);
  }

  /** As {@link #cholesky(Tensor)}; with {@code upper} the U with A = Uᵀ U, of A's upper triangle. */
  public static Tensor cholesky(Tensor a, boolean upper) {
    square("cholesky", a);
    OpName name = OpName.of("cholesky", upper ? "Transpose" : "LinalgCholeskyEx");
    return Gate.named(name, () -> upper ? mT(Primitives.cholesky(mT(a), true)) : Primitives.cholesky(a, true));
  }

  /** X with A X = B from A's Cholesky factor [..., n, n] and B [..., n, k]. */
  public static Tensor choleskySolve(Tensor b, Tensor factor, boolean upper) {
    square("choleskySolve", factor);
    matrix("choleskySolve", b);
    return Gate.named(OpName.of("choleskySolve"), () -> {
      Tensor[] x = broadcast("choleskySolve", factor, b);
      Tensor y = Primitives.triangularSolve(x[0], x[1], upper, false, upper);
      return Primitives.triangularSolve(x[0], y, upper, false, !upper);
    });
  }

  /** A⁻¹ from A's Cholesky factor [..., n, n]. */
  public static Tensor choleskyInverse(Tensor factor, boolean upper) {
    square("choleskyInverse", factor);
    return Gate.named(OpName.of("choleskyInverse"), () -> choleskySolve(identity(factor), factor, upper));
  }

  private static Tensor identity(Tensor like) {
    int n = like.size(-1);
    return Tensor.eye(n).to(like.dtype()).to(like.device()).expand(like.shape().dims());
  }

  /**
   * A = Pᵀ L U with row exchanges, [..., n, n]: L and U in one matrix (the ones on L's diagonal left out), the rows of A in the order of
   * L U [..., n], and the sign of that permutation [...]. Of a singular matrix too.
   */
  public static LuFactors lu(Tensor a) {
    square("lu", a);
    Tensor[] f = Primitives.lu(a);
    return new LuFactors(f[0], f[1], sign(f));
  }

  /** A = U diag(S) Vᵀ with S descending: [..., m, n] → [..., m, k], [..., k], [..., k, n] with k the smaller of m and n. */
  public static Singular svd(Tensor a) {
    matrix("svd", a);
    Tensor[] f = Primitives.svd(a, false);
    return new Singular(f[0], f[1], f[2]);
  }

  /** The singular values of [..., m, n], descending: [..., k]. */
  public static Tensor svdvals(Tensor a) {
    matrix("svdvals", a);
    return Gate.named(OpName.of("svdvals", "LinalgSvd"), () -> Primitives.svd(a, false)[1]);
  }

  /** Both with equal leading axes. */
  private static Tensor[] broadcast(String op, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw new DTypeException(op + ": expected A and B to have the same dtype: " + a.dtype() + " and " + b.dtype());
    }
    Shape lead = Shape.broadcast(op, a.shape().range(0, a.rank() - 2), b.shape().range(0, b.rank() - 2));
    return new Tensor[] {
      a.expand(lead.append(a.size(-2), a.size(-1)).dims()), b.expand(lead.append(b.size(-2), b.size(-1)).dims())
    };
  }

  /**
   * X with A X = B: A [..., n, n] and B [..., n, k] → [..., n, k]. B is vectors where it is [n], or [..., n] with the leading axes of A.
   *
   * @throws org.cotangent.errors.MatrixException if a matrix is singular: "solve: the matrix is singular: pivot 2 is 0, so it has no
   *     inverse"
   */
  public static Tensor solve(Tensor a, Tensor b) {
    return solve(a, b, true);
  }

  /** X with A X = B, or with X A = B unless {@code left}; see {@link #solve(Tensor, Tensor)}. */
  public static Tensor solve(Tensor a, Tensor b, boolean left) {
    square("solve", a);
    boolean vectors = b.rank() == 1 || b.rank() == a.rank() - 1 && b.shape().equals(a.shape().range(0, a.rank() - 1));
    if (vectors && !left) {
      throw new ArgumentException("solve: vectors are columns; pass a matrix for X A = B: " + b.shape());
    }
    return Gate.named(OpName.of("solve", "LinalgSolveEx"), () -> {
      Tensor sides = vectors ? b.unsqueeze(-1) : b;
      matrix("solve", sides);
      Tensor x = left ? column("solve", a, sides) : mT(column("solve", mT(a), mT(sides)));
      return vectors ? x.squeeze(-1) : x;
    });
  }

  private static Tensor column(String op, Tensor a, Tensor b) {
    if (a.size(-1) != b.size(-2)) {
      throw new ShapeException(op + ": incompatible shapes of A and B: " + a.shape() + " and " + b.shape());
    }
    Tensor[] x = broadcast(op, a, b);
    return Primitives.solve(x[0], x[1]);
  }

  /**
   * X with A X = B for a triangular A, or with X A = B unless {@code left}: A [..., n, n] and B [..., n, k] → [..., n, k]. The other
   * triangle is not read; zeros on the diagonal give infinities.
   *
   * @param unit whether the diagonal counts as ones and is not read
   */
  public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean left, boolean unit) {
    square("solveTriangular", a);
    matrix("solveTriangular", b);
    if (a.size(-1) != b.size(left ? -2 : -1)) {
      throw new ShapeException("solveTriangular: incompatible shapes of A and B: " + a.shape() + " and " + b.shape());
    }
    return Gate.named(OpName.of("solveTriangular", "LinalgSolveTriangular"), () -> {
      Tensor[] x = broadcast("solveTriangular", a, left ? b : mT(b));
      Tensor y = Primitives.triangularSolve(x[0], x[1], upper, unit, !left);
      return left ? y : mT(y);
    });
  }

  /**
   * A⁻¹, [..., n, n].
   *
   * @throws org.cotangent.errors.MatrixException if a matrix is singular
   */
  public static Tensor inv(Tensor a) {
    square("inv", a);
    return Gate.named(OpName.of("inv", "LinalgInvEx"), () -> Primitives.solve(a, identity(a)));
  }

  /** Sign of the permutation of rows: -1 for each exchange. */
  private static Tensor sign(Tensor[] lu) {
    Tensor place = Tensor.arange(1, lu[2].size(-1) + 1, 1).to(lu[2].device());
    return lu[2].ne(place).to(lu[0].dtype()).mul(-2).add(1).prod(-1);
  }

  private static Tensor pivots(Tensor[] lu) {
    return lu[0].diagonal(0, -2, -1);
  }

  /** Determinant, [..., n, n] → [...]; its gradient is right for singular matrices too. */
  public static Tensor det(Tensor a) {
    square("det", a);
    return Gate.named(OpName.of("det", "LinalgDet"), () -> {
      Tensor[] lu = Primitives.lu(a);
      return regular(lu) ? pivots(lu).prod(-1).mul(sign(lu)) : singularDet(a);
    });
  }

  /** Whether no pivot is lost in rounding; not known, and so false, where the numbers cannot be read. */
  private static boolean regular(Tensor[] lu) {
    Tensor d = pivots(lu).detach().abs();
    if (d.size() == 0) {
      return true;
    }
    double eps = d.size(-1) * d.dtype().epsilon();
    int[] last = {-1};
    try {
      return d.amin(last, false).gt(d.amax(last, false).mul(eps)).all().itemLong() != 0;
    } catch (TransformException e) {
      return false;
    }
  }

  /** det(U) det(V) and the product of the singular values, whose derivatives do not divide by them. */
  private static Tensor singularDet(Tensor a) {
    Tensor[] f = Primitives.svd(a, false);
    return f[1].prod(-1).mul(orientation(f[0])).mul(orientation(f[2]));
  }

  /** Determinant of an orthogonal matrix: 1 or -1. */
  private static Tensor orientation(Tensor q) {
    Tensor[] lu = Primitives.lu(q.detach());
    return pivots(lu).sign().prod(-1).mul(sign(lu));
  }

  /** Sign of the determinant and logarithm of its absolute value: 0 and -infinity for a singular matrix; [..., n, n] → [...]. */
  public static SignedLog slogdet(Tensor a) {
    square("slogdet", a);
    return Gate.named(OpName.of("slogdet", "LinalgSlogdet"), () -> {
      Tensor[] lu = Primitives.lu(a);
      Tensor d = pivots(lu);
      return new SignedLog(d.sign().prod(-1).mul(sign(lu)), d.abs().log().sum(-1));
    });
  }

  /** Logarithm of the determinant, NaN where that is negative; [..., n, n] → [...]. */
  public static Tensor logdet(Tensor a) {
    square("logdet", a);
    return Gate.named(OpName.of("logdet"), () -> {
      SignedLog s = slogdet(a);
      return s.logAbs().maskedFill(s.sign().lt(0), Double.NaN);
    });
  }

  /** Sum of x y along an axis of tensors that broadcast. */
  public static Tensor vecdot(Tensor x, Tensor y, int axis) {
    return Gate.named(OpName.of("vecdot", "Sum"), () -> x.mul(y).sum(axis));
  }

  /**
   * Product of a chain of matrices in the order of fewest multiplications (Cormen et al. 2009, section 15.2); the first may be a row
   * vector [n], the last a column vector [n].
   *
   * @throws ShapeException if there are fewer than two tensors, or neighbours do not fit
   */
  public static Tensor multiDot(Tensor... xs) {
    int n = xs.length;
    if (n < 2) {
      throw new ShapeException("multiDot: expected at least 2 tensors, got " + n);
    }
    for (int i = 0; i < n; i++) {
      boolean end = i == 0 || i == n - 1;
      if (xs[i].rank() != 2 && !(end && xs[i].rank() == 1)) {
        throw new ShapeException("multiDot: tensor " + i + " must be 2D" + (end ? " or 1D" : "") + " but got " + xs[i].shape());
      }
    }
    return Gate.named(OpName.of("multiDot", "Mm"), () -> {
      Tensor[] m = xs.clone();
      m[0] = xs[0].rank() == 1 ? xs[0].unsqueeze(0) : xs[0];
      m[n - 1] = xs[n - 1].rank() == 1 ? xs[n - 1].unsqueeze(1) : xs[n - 1];
      Tensor y = chain(m, order(m), 0, n - 1);
      y = xs[n - 1].rank() == 1 ? y.squeeze(1) : y;
      return xs[0].rank() == 1 ? y.squeeze(0) : y;
    });
  }

  /** Where the product of matrices i to j is best split. */
  private static int[][] order(Tensor[] m) {
    int n = m.length;
    double[][] cost = new double[n][n];
    int[][] split = new int[n][n];
    for (int length = 1; length < n; length++) {
      for (int i = 0; i + length < n; i++) {
        int j = i + length;
        cost[i][j] = Double.POSITIVE_INFINITY;
        for (int k = i; k < j; k++) {
          double c = cost[i][k] + cost[k + 1][j] + (double) m[i].size(0) * m[k].size(1) * m[j].size(1);
          if (c < cost[i][j]) {
            cost[i][j] = c;
            split[i][j] = k;
          }
        }
      }
    }
    return split;
  }

  private static Tensor chain(Tensor[] m, int[][] split, int i, int j) {
    return i == j ? m[i] : chain(m, split, i, split[i][j]).matmul(chain(m, split, split[i][j] + 1, j));
  }
}
