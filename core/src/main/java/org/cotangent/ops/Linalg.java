package org.cotangent.ops;

import org.cotangent.Autocast;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Linear algebra on matrices in the last two axes; leading axes count matrices, and broadcast where two tensors meet.
 *
 * <p>Eigenvalues of matrices that are not symmetric are complex numbers, and so not here.
 *
 * <p>All throw {@link ShapeException} for what is no (square) matrix or does not fit, {@link DTypeException} for integers, and
 * {@link org.cotangent.errors.MatrixException} for a matrix that has not what is asked for, which it names.
 */
public final class Linalg {
  private Linalg() {}

  /** L and U in one matrix, and the exchanges of rows; see {@link #luFactor}. */
  public record LuFactors(Tensor factors, Tensor pivots) {}

  /** A = P L U; see {@link #lu}. */
  public record Plu(Tensor p, Tensor l, Tensor u) {}

  /** A = Q R; see {@link #qr}. */
  public record QrFactors(Tensor q, Tensor r) {}

  /** A = V diag(values) Vᵀ; see {@link #eigh}. */
  public record Eigen(Tensor values, Tensor vectors) {}

  /** A = U diag(S) Vᵀ; see {@link #svd}. */
  public record Singular(Tensor u, Tensor s, Tensor vt) {}

  /** The sign of a determinant, and the logarithm of its absolute value. */
  public record SignedLog(Tensor sign, Tensor logAbs) {}

  /** A result, and for each matrix 0 or the place, from 1, of the pivot or leading minor that forbids it, int32. */
  public record Checked(Tensor result, Tensor info) {}

  /** What {@link #lstsq} finds. */
  public record LeastSquares(Tensor solution, Tensor residuals, Tensor rank, Tensor singularValues) {}

  /** Which parts {@link #qr} gives for A [m, n], k the smaller of m and n. */
  public enum QrMode {
    /** Q [m, k] and R [k, n]. */
    REDUCED,
    /** Q [m, m] and R [m, n]; for m > n the columns that complete Q have no derivative. */
    COMPLETE,
    /** R [k, n] alone; Q is empty. */
    R
  }

  static void square(String op, Tensor a) {
    matrix(op, a);
    if (a.size(-1) != a.size(-2)) {
      throw new ShapeException(op + ": A must be batches of square matrices, but they are " + a.size(-2) + " by " + a.size(-1)
          + " matrices: "
          + a.shape());
    }
  }

  static void matrix(String op, Tensor a) {
    if (a.rank() < 2) {
      throw new ShapeException(op + ": the input tensor A must have at least 2 dimensions: " + a.shape());
    }
    if (!a.dtype().floating()) {
      throw new DTypeException(op + ": expected a floating point tensor, not " + a.dtype() + "; convert with to(DType.FLOAT64)");
    }
  }

  static Tensor mT(Tensor a) {
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

  /**
   * X with A X = B from A's Cholesky factor L [..., n, n] and B [..., n, k]. One triangle of L is read; derivatives are those of A = L Lᵀ
   * by all elements of L, as in PyTorch.
   */
  public static Tensor choleskySolve(Tensor b, Tensor factor, boolean upper) {
    square("choleskySolve", factor);
    matrix("choleskySolve", b);
    return Gate.named(OpName.of("choleskySolve"), () -> {
      Tensor[] x = broadcast("choleskySolve", factor, b);
      return Primitives.choleskySolve(x[0], x[1], upper);
    });
  }

  /** A⁻¹ from A's Cholesky factor [..., n, n]; see {@link #choleskySolve}. */
  public static Tensor choleskyInverse(Tensor factor, boolean upper) {
    square("choleskyInverse", factor);
    return Gate.named(OpName.of("choleskyInverse"), () -> choleskySolve(identity(factor), factor, upper));
  }

  static Tensor identity(Tensor like) {
    int n = like.size(-1);
    return Tensor.eye(n).to(like.dtype()).to(like.device()).expand(like.shape().dims());
  }

  /**
   * As {@link #cholesky(Tensor, boolean)}, but a matrix that is not positive definite is not refused: its factor is NaN in the rows
   * from the failing one on, and its info says which that is.
   */
  public static Checked choleskyEx(Tensor a, boolean upper) {
    square("choleskyEx", a);
    return Gate.named(OpName.of("choleskyEx", "LinalgCholeskyEx"), () -> {
      Tensor l = Primitives.cholesky(upper ? mT(a) : a, false);
      return new Checked(upper ? mT(l) : l, LuForms.firstOnDiagonal(l.detach().isNan()));
    });
  }

  /**
   * A = P L U with row exchanges, k the smaller of m and n: [..., m, n] → P [..., m, m], L [..., m, k] with ones on its diagonal, and
   * U [..., k, n]. Of a singular matrix too, whose derivatives are those of pivots that are one rounding error.
   */
  public static Plu lu(Tensor a) {
    matrix("lu", a);
    return Gate.named(OpName.of("lu", "LinalgLu"), () -> {
      Tensor[] f = Primitives.lu(a, false);
      return new Plu(LuForms.permutation(f[1], a.dtype()), LuForms.lower(f[0]), LuForms.upper(f[0]));
    });
  }

  /**
   * The L and U of {@link #lu} in one matrix [..., m, n] without the ones on L's diagonal, and for each row but the last ones the row,
   * counted from 1, with which it was exchanged: int32 [..., k], as in LAPACK.
   *
   * @throws org.cotangent.errors.MatrixException if a pivot is 0
   */
  public static LuFactors luFactor(Tensor a) {
    matrix("luFactor", a);
    Tensor[] f = Gate.named(OpName.of("luFactor", "LinalgLuFactorEx"), () -> Primitives.lu(a, true));
    return new LuFactors(f[0], f[2]);
  }

  /** As {@link #luFactor}, of singular matrices too; {@link #luInfo} says which those are. */
  public static LuFactors luFactorEx(Tensor a) {
    matrix("luFactorEx", a);
    Tensor[] f = Gate.named(OpName.of("luFactorEx", "LinalgLuFactorEx"), () -> Primitives.lu(a, false));
    return new LuFactors(f[0], f[2]);
  }

  /** The first pivot of exactly 0 for each matrix of factors, from 1, or 0 where there is none: int32 [...]. */
  public static Tensor luInfo(LuFactors f) {
    return LuForms.info(f.factors());
  }

  /** P, L and U of their compact form. */
  public static Plu luUnpack(LuFactors f) {
    LuForms.check("luUnpack", f);
    return Gate.named(OpName.of("luUnpack"), () -> new Plu(
        LuForms.permutation(LuForms.order(f.pivots(), f.factors().size(-2)), f.factors().dtype()), LuForms.lower(f.factors()),
        LuForms.upper(f.factors())));
  }

  /**
   * X with A X = B from A's factors: B [..., n, k] → [..., n, k]; or with X A = B unless {@code left}, and of Aᵀ if {@code transposed}.
   * Derivatives pass to the factors.
   */
  public static Tensor luSolve(LuFactors f, Tensor b, boolean left, boolean transposed) {
    LuForms.check("luSolve", f);
    square("luSolve", f.factors());
    matrix("luSolve", b);
    if (f.factors().size(-1) != b.size(left ? -2 : -1)) {
      throw new ShapeException("luSolve: incompatible shapes of A and B: " + f.factors().shape() + " and " + b.shape());
    }
    return Gate.named(OpName.of("luSolve", "LinalgLuSolve"), () -> left
        ? LuForms.solve(f, b, transposed) : mT(LuForms.solve(f, mT(b), !transposed)));
  }

  /** {@link #qr(Tensor, QrMode)} in its reduced form. */
  public static QrFactors qr(Tensor a) {
    return qr(a, QrMode.REDUCED);
  }

  /**
   * A = Q R of [..., m, n]: orthonormal columns, and an upper triangle whose diagonal has the signs that LAPACK gives it. Derivatives
   * divide by that diagonal: the first columns of A, as many as R has rows, must be independent.
   *
   * @throws org.cotangent.errors.GradientException in a derivative of the columns that complete Q
   */
  public static QrFactors qr(Tensor a, QrMode mode) {
    matrix("qr", a);
    return Gate.named(OpName.of("qr", "LinalgQr"), () -> Bases.qr(a, mode));
  }

  /**
   * The first n columns of H₁ H₂ ... H_k with H_i = I - tau_i v_i v_iᵀ: v_i is column i of [..., m, n] below the diagonal, 1 on it, 0
   * above; tau [..., k], k ≤ n ≤ m.
   */
  public static Tensor householderProduct(Tensor v, Tensor tau) {
    matrix("householderProduct", v);
    return Gate.named(OpName.of("householderProduct", "LinalgHouseholderProduct"), () -> Bases.householder(v, tau));
  }

  /**
   * A = V diag(w) Vᵀ of symmetric matrices [..., n, n]: eigenvalues w [..., n] ascending, and orthonormal eigenvectors in V's columns.
   * One triangle is read; derivatives are those of a symmetric matrix. Eigenvectors are determined up to their sign, and those of equal
   * eigenvalues up to a rotation: their derivatives are then infinite or NaN, as in PyTorch; those of the eigenvalues are not.
   *
   * @param upper whether the upper triangle is read
   * @throws org.cotangent.errors.MatrixException if a matrix is not finite
   */
  public static Eigen eigh(Tensor a, boolean upper) {
    square("eigh", a);
    Tensor[] f = Primitives.eigh(a, upper);
    return new Eigen(f[0], f[1]);
  }

  /** The eigenvalues of symmetric matrices [..., n, n], ascending: [..., n]; see {@link #eigh}. */
  public static Tensor eigvalsh(Tensor a, boolean upper) {
    square("eigvalsh", a);
    return Gate.named(OpName.of("eigvalsh", "LinalgEigh"), () -> Primitives.eigh(a, upper)[0]);
  }

  /**
   * A = U diag(S) Vᵀ with S descending: [..., m, n] → U [..., m, m], S [..., k], Vᵀ [..., n, n], k the smaller of m and n; or, unless
   * {@code fullMatrices}, U [..., m, k] and Vᵀ [..., k, n].
   *
   * <p>Vectors are determined up to common signs of a pair, and those of equal singular values up to a rotation: their derivatives are
   * then infinite or NaN, as in PyTorch; those of S are not. The vectors that complete a basis are a choice, so that only functions
   * that do not depend on it, such as the projection on them, have the derivatives given here.
   *
   * @throws org.cotangent.errors.MatrixException if a matrix is not finite
   */
  public static Singular svd(Tensor a, boolean fullMatrices) {
    matrix("svd", a);
    Tensor[] f = Primitives.svd(a, fullMatrices);
    return new Singular(f[0], f[1], f[2]);
  }

  /** The singular values of [..., m, n], descending: [..., k]. */
  public static Tensor svdvals(Tensor a) {
    matrix("svdvals", a);
    return Gate.named(OpName.of("svdvals", "LinalgSvd"), () -> Primitives.svd(a, false)[1]);
  }

  /** Both with equal leading axes. */
  static Tensor[] broadcast(String op, Tensor a, Tensor b) {
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
    return Gate.named(OpName.of("solve", "LinalgSolveEx"), () -> Systems.solve("solve", a, b, left, true).result());
  }

  /** As {@link #solve(Tensor, Tensor, boolean)}; a singular matrix is not refused: its result is not finite and its info not 0. */
  public static Checked solveEx(Tensor a, Tensor b, boolean left) {
    return Gate.named(OpName.of("solveEx", "LinalgSolveEx"), () -> Systems.solve("solveEx", a, b, left, false));
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

  /** As {@link #inv}; a singular matrix is not refused: its result is not finite and its info not 0. */
  public static Checked invEx(Tensor a) {
    square("invEx", a);
    return Gate.named(OpName.of("invEx", "LinalgInvEx"), () -> Systems.solve("invEx", a, identity(a), true, false));
  }

  /**
   * X that makes A X - B smallest, and is the smallest such X where several do: A [..., m, n] and B [..., m, k] → [..., n, k]. B is
   * vectors where it is [..., m] with the leading axes of A. Singular values of A up to {@code rcond} times the largest count as 0.
   *
   * <p>Beside the solution come the sums of squares of A X - B for each column [..., k], the ranks of the matrices [...], int64, and
   * their singular values, all without derivatives.
   */
  public static LeastSquares lstsq(Tensor a, Tensor b, double rcond) {
    matrix("lstsq", a);
    return Gate.named(OpName.of("lstsq", "LinalgLstsq"), () -> Systems.lstsq(a, b, rcond));
  }

  /** {@link #lstsq(Tensor, Tensor, double)} with an rcond of one rounding error times the larger of m and n. */
  public static LeastSquares lstsq(Tensor a, Tensor b) {
    matrix("lstsq", a);
    return lstsq(a, b, a.dtype().epsilon() * Math.max(a.size(-1), a.size(-2)));
  }

  /** {@link #pinv(Tensor, RankOptions)} with the usual tolerance. */
  public static Tensor pinv(Tensor a) {
    return pinv(a, RankOptions.DEFAULT);
  }

  /**
   * The pseudoinverse of [..., m, n], [..., n, m]: singular values up to a tolerance count as 0. Its derivative is that among matrices
   * of the same rank (Golub and Pereyra 1973), so that rank-deficient ones have it too.
   *
   * @throws org.cotangent.errors.MatrixException if a matrix is not finite
   */
  public static Tensor pinv(Tensor a, RankOptions options) {
    if (options.symmetric()) {
      square("pinv", a);
    }
    matrix("pinv", a);
    return Autocast.off(() -> PseudoInverse.of(a, options));
  }

  /** Determinant, [..., n, n] → [...]; its gradient is right for singular matrices too. */
  public static Tensor det(Tensor a) {
    square("det", a);
    return Gate.named(OpName.of("det", "LinalgDet"), () -> Determinants.ofAny(a));
  }

  /** Sign of the determinant and logarithm of its absolute value: 0 and -infinity for a singular matrix; [..., n, n] → [...]. */
  public static SignedLog slogdet(Tensor a) {
    square("slogdet", a);
    return Gate.named(OpName.of("slogdet", "LinalgSlogdet"), () -> {
      Tensor[] lu = Primitives.lu(a, false);
      return new SignedLog(Determinants.sign(lu), Determinants.pivots(lu).abs().log().sum(-1));
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
    return Gate.named(OpName.of("multiDot", "Mm"), () -> Products.chain(xs));
  }
}
