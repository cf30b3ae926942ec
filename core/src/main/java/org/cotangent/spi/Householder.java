package org.cotangent.spi;

/**
 * Householder's reflections of rows-first matrices of doubles on the host, with the signs of LAPACK's geqrf (Golub and Van Loan 2013, section
 * 5.2): for what no device computes.
 */
public final class Householder {
  private Householder() {}

  /** A = H₁ ... H_k R of [m, n] in place, k the number of {@code tau}: R in the upper triangle, the vectors below, their factors in tau. */
  public static void factor(double[] a, int m, int n, double... tau) {
    for (int j = 0; j < tau.length; j++) {
      tau[j] = reflector(a, m, n, j);
      for (int c = j + 1; c < n; c++) {
        reflect(a, n, j, tau[j], a, n, c, m);
      }
    }
  }

  /** Column j from the diagonal on becomes (beta, v) with I - tau (1, v) (1, v)ᵀ the reflection that leaves beta alone; gives tau. */
  private static double reflector(double[] a, int m, int n, int j) {
    double alpha = a[j * n + j];
    double norm = 0;
    for (int i = j + 1; i < m; i++) {
      norm = Math.hypot(norm, a[i * n + j]);
    }
    if (norm == 0) {
      return 0;
    }
    double beta = -Math.copySign(Math.hypot(alpha, norm), alpha);
    for (int i = j + 1; i < m; i++) {
      a[i * n + j] /= alpha - beta;
    }
    a[j * n + j] = beta;
    return (beta - alpha) / beta;
  }

  /** Column c of x [m, columns] less tau v (vᵀ x), v the vector in column j of a [m, n]. */
  public static void reflect(double[] a, int n, int j, double tau, double[] x, int columns, int c, int m) {
    double sum = x[j * columns + c];
    for (int i = j + 1; i < m; i++) {
      sum += a[i * n + j] * x[i * columns + c];
    }
    x[j * columns + c] -= tau * sum;
    for (int i = j + 1; i < m; i++) {
      x[i * columns + c] -= tau * sum * a[i * n + j];
    }
  }
}
