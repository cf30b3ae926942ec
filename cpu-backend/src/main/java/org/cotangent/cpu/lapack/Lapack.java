package org.cotangent.cpu.lapack;

import org.cotangent.cpu.gemm.OpenBlas;

/** Factorisations of one row-major matrix of doubles in the first elements of an array, in place. */
public interface Lapack {
  /** The implementation in use: LAPACK where OpenBLAS loads, unless {@code -Dcotangent.blas=java}. */
  static Lapack instance() {
    return Chosen.LAPACK;
  }

  /** Chosen once. */
  final class Chosen {
    private static final Lapack LAPACK = choose();

    private Chosen() {}

    private static Lapack choose() {
      boolean java = System.getProperty("cotangent.blas", "auto").equals("java") || OpenBlas.load().unavailable().isPresent();
      return java ? new JavaLapack() : new NativeLapack();
    }
  }

  /**
   * The lower triangle becomes L with A = L Lᵀ; what is above the diagonal is undefined.
   *
   * @return 0, or the order of the first leading minor that is not positive
   */
  int cholesky(double[] a, int n);

  /**
   * The matrix [m, n] becomes L and U; row i was exchanged with row pivots[i], in this order.
   *
   * @return 0, or the number from 1 of the first pivot that is 0
   */
  int lu(double[] a, int m, int n, int[] pivots);

  /** b [n, k] becomes op(a)⁻¹ b for a triangular a. */
  void solve(boolean upper, boolean unit, boolean transposed, double[] a, int n, double[] b, int k);

  /**
   * a [m, n] = q r, m ≥ n: r [n, n] with zeros below the diagonal, and the first n columns of q [m, k], which others complete to a basis
   * of k. a is overwritten; NaN where it is not finite.
   */
  void qr(double[] a, int m, int n, double[] q, int k, double[] r);

  /**
   * a becomes v in a = v diag(values) vᵀ, values ascending.
   *
   * @param upper which triangle of a is read
   * @return whether it was found
   */
  boolean eigh(boolean upper, double[] a, int n, double[] values);

  /**
   * a [m, n] = u [m, r] diag(s) vt [r, n], r the smaller of m and n; a is overwritten.
   *
   * @param full whether u and vt are square instead
   * @return whether it was found
   */
  boolean svd(double[] a, int m, int n, boolean full, double[] u, double[] s, double[] vt);
}
