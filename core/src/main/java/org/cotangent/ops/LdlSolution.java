package org.cotangent.ops;

/** Solutions of A X = B from the compact form of A = P L D Lᵀ Pᵀ (LAPACK's sytrs). */
final class LdlSolution {
  private LdlSolution() {}

  /** Overwrites B [n, k] at {@code xo}; factors [n, n] at {@code ao}, pivots [n] at {@code po}. */
  static void solve(double[] a, int ao, double[] pivots, int po, double[] x, int xo, int n, int k) {
    for (int i = 0, step; i < n; i += step) {
      step = pivots[po + i] > 0 ? 1 : 2;
      exchange(x, xo, k, i + step - 1, (int) Math.abs(pivots[po + i]) - 1);
      for (int r = i + step; r < n; r++) {
        for (int s = i; s < i + step; s++) {
          less(x, xo, k, r, s, a[ao + r * n + s]);
        }
      }
      divide(a, ao + i * n + i, n, x, xo + i * k, k, step);
    }
    for (int i = n - 1, step; i >= 0; i -= step) {
      step = pivots[po + i] > 0 ? 1 : 2;
      for (int s = i; s > i - step; s--) {
        for (int r = i + 1; r < n; r++) {
          less(x, xo, k, s, r, a[ao + r * n + s]);
        }
      }
      exchange(x, xo, k, i, (int) Math.abs(pivots[po + i]) - 1);
    }
  }

  private static void exchange(double[] x, int xo, int k, int p, int q) {
    for (int j = 0; j < k && p != q; j++) {
      SymmetricFactors.swap(x, xo + p * k + j, xo + q * k + j);
    }
  }

  /** Row r less a times row s. */
  private static void less(double[] x, int xo, int k, int r, int s, double a) {
    for (int j = 0; j < k; j++) {
      x[xo + r * k + j] -= a * x[xo + s * k + j];
    }
  }

  /** One or two rows over their block of D. */
  private static void divide(double[] a, int at, int n, double[] x, int xo, int k, int step) {
    double corner = step == 1 ? a[at] : a[at + n];
    double p = a[at] / corner;
    double q = step == 1 ? 0 : a[at + n + 1] / corner;
    for (int j = 0; j < k; j++) {
      double u = x[xo + j] / corner;
      if (step == 1) {
        x[xo + j] = u;
        continue;
      }
      double v = x[xo + k + j] / corner;
      x[xo + j] = (q * u - v) / (p * q - 1);
      x[xo + k + j] = (p * v - u) / (p * q - 1);
    }
  }
}
