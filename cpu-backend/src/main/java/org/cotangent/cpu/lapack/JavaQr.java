package org.cotangent.cpu.lapack;

import org.cotangent.spi.Householder;

/** QR factors by {@link Householder}'s reflections. */
final class JavaQr {
  private JavaQr() {}

  static void factor(double[] a, int m, int n, double[] q, int k, double[] r) {
    double[] tau = new double[n];
    Householder.factor(a, m, n, tau);
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
        Householder.reflect(a, n, j, tau[j], q, k, c, m);
      }
    }
  }
}
