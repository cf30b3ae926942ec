package org.cotangent.ops;

import org.cotangent.Autocast;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Functions of matrices in the last two axes: powers, exponentials, ranks, condition numbers, and inverses of tensors as matrices.
 *
 * <p>All throw {@link org.cotangent.errors.ShapeException} for what is no (square) matrix, and
 * {@link org.cotangent.errors.DTypeException} for integers where numbers must be floating.
 */
public final class MatrixFunctions {
  private MatrixFunctions() {}

  /** The number of singular values above a tolerance, [..., m, n] → int64 [...]. */
  public static Tensor matrixRank(Tensor a, RankOptions options) {
    if (options.symmetric()) {
      Linalg.square("matrixRank", a);
    }
    Linalg.matrix("matrixRank", a);
    return Gate.named(OpName.of("matrixRank"), () -> {
      Tensor s = options.symmetric() ? Primitives.eigh(a.detach(), false)[0].abs() : Primitives.svd(a.detach(), false)[1];
      return s.gt(options.tolerance(s, a.shape()).unsqueeze(-1)).sum(-1);
    });
  }

  /**
   * The matrix exponential of [..., n, n], by scaling, a Padé approximant and squaring (Higham 2005). Derivatives are blocks of
   * exponentials of block triangular matrices (Najfeld and Havel 1995, theorem 4.6).
   */
  public static Tensor matrixExp(Tensor a) {
    Linalg.square("matrixExp", a);
    return Autocast.off(() -> a.dtype().half() ? MatrixExponential.of(a.to(DType.FLOAT32)).to(a.dtype()) : MatrixExponential.of(a));
  }

  /**
   * A multiplied with itself n times by repeated squaring; of A⁻¹ for negative n, and the identity for 0.
   *
   * @throws org.cotangent.errors.MatrixException if n is negative and a matrix is singular
   */
  public static Tensor matrixPower(Tensor a, int n) {
    Products.square("matrixPower", a);
    return Gate.named(OpName.of("matrixPower", "LinalgMatrixPower"), () -> Products.power(n < 0 ? Linalg.inv(a) : a, Math.abs((long) n)));
  }

  /**
   * X with tensordot(X, A, ind) the identity: the inverse of A as a square matrix whose rows are the first {@code ind} axes. Its last
   * {@code ind} axes are those.
   */
  public static Tensor tensorinv(Tensor a, int ind) {
    return Gate.named(OpName.of("tensorinv", "View"), () -> Systems.tensorinv(a, ind));
  }

  /**
   * X with tensordot(A, X, x's rank) = B: A as a matrix whose rows are the axes of B. The axes {@code axes} of A are moved to its end
   * first.
   */
  public static Tensor tensorsolve(Tensor a, Tensor b, int... axes) {
    return Gate.named(OpName.of("tensorsolve", "View"), () -> Systems.tensorsolve(a, b, axes));
  }

  /** {@link #cond(Tensor, double)} of order 2. */
  public static Tensor cond(Tensor a) {
    return cond(a, 2);
  }

  /**
   * Condition numbers: the norm of A times that of its inverse, [..., n, n] → [...]; infinite for a singular matrix. For order 2 and -2
   * the largest singular value over the smallest, and the reverse, of [..., m, n].
   *
   * @param order that of {@link MatrixNorms#matrixNorm(Tensor, double, int[], boolean)}
   */
  public static Tensor cond(Tensor a, double order) {
    if (Math.abs(order) == 2) {
      Linalg.matrix("cond", a);
      return Gate.named(OpName.of("cond", "Div"), () -> {
        Tensor s = Primitives.svd(a, false)[1];
        Tensor most = s.select(-1, 0);
        Tensor least = s.select(-1, -1);
        return order > 0 ? most.div(least) : least.div(most);
      });
    }
    Linalg.square("cond", a);
    return Gate.named(OpName.of("cond", "Mul"), () -> Products.condition(a, x -> MatrixNorms.matrixNorm(x, order, new int[] {-2, -1}, false)));
  }

  /** Condition numbers in the Frobenius or nuclear norm, [..., n, n] → [...]; infinite for a singular matrix. */
  public static Tensor cond(Tensor a, MatrixNorms.Kind kind) {
    Linalg.square("cond", a);
    return Gate.named(OpName.of("cond", "Mul"), () -> Products.condition(a, x -> MatrixNorms.matrixNorm(x, kind, new int[] {-2, -1}, false)));
  }

  /** The powers 0 to n - 1 of each number: [..., k] → [..., k, n]. */
  public static Tensor vander(Tensor x, int n) {
    if (n < 2) {
      throw new ArgumentException("vander: the number of powers must be greater than 1: " + n);
    }
    return Gate.named(OpName.of("vander", "Cat"), () -> Products.powers(x, n));
  }
}
