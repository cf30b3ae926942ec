package org.cotangent.cpu.lapack;

/** Householder's reflections, with the signs of LAPACK's geqrf and orgqr (Golub and Van Loan 2013, section 5.2). */
final class JavaQr {
  private JavaQr() {}

  static void factor(double[] a, int m, int n, double[] q, int k, double[] r) {
    double[] tau = new double[n];
    for (int j = 0; j < n; j++) {
      tau[j] = reflector(a, m, n, j);
      for (int c = j + 1; c < n; c++) {
        reflect(a, n, j, tau[j], a, n, c, m);
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        r[i * n + j] = j < i ? 0 : a[i * n + j];
      }
    }
    for (int i = 0; i < m * k; i++) {
      q[i] = i / k == i % k ? 1 : 0;
    }
    for (int j = n - 1; j >= 0; j--) {
      for (int c = 0; c < k; c++) {
        reflect(a, n, j, tau[j], q, k, c, m);
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

  /** Column c of x [m, columns] less tau v (vᵀ x), v the reflector in column j of a. */
  private static void reflect(double[] a, int n, int j, double tau, double[] x, int columns, int c, int m) {
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
