package org.cotangent.cpu.lapack;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Plain loops, for platforms without OpenBLAS. */
final class JavaLapack implements Lapack {
  private static final int SWEEPS = 60;
  private static final double SMALL = 0x1p-52;

  @Override
  public int cholesky(double[] a, int n) {
    for (int j = 0; j < n; j++) {
      double d = a[j * n + j] - dot(a, j * n, j * n, j);
      if (!(d > 0)) {
        return j + 1;
      }
      a[j * n + j] = Math.sqrt(d);
      for (int i = j + 1; i < n; i++) {
        a[i * n + j] = (a[i * n + j] - dot(a, i * n, j * n, j)) / a[j * n + j];
      }
    }
    return 0;
  }

  private static double dot(double[] a, int x, int y, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += a[x + k] * a[y + k];
    }
    return sum;
  }

  @Override
  public int lu(double[] a, int m, int n, int[] pivots) {
    int info = 0;
    for (int j = 0; j < pivots.length; j++) {
      int p = j;
      for (int i = j + 1; i < m; i++) {
        p = Math.abs(a[i * n + j]) > Math.abs(a[p * n + j]) ? i : p;
      }
      pivots[j] = p;
      swapRows(a, n, j, p);
      double d = a[j * n + j];
      if (d == 0) {
        info = info == 0 ? j + 1 : info;
        continue;
      }
      for (int i = j + 1; i < m; i++) {
        double f = a[i * n + j] / d;
        a[i * n + j] = f;
        for (int k = j + 1; k < n; k++) {
          a[i * n + k] -= f * a[j * n + k];
        }
      }
    }
    return info;
  }

  private static void swapRows(double[] a, int n, int i, int j) {
    for (int k = 0; i != j && k < n; k++) {
      double t = a[i * n + k];
      a[i * n + k] = a[j * n + k];
      a[j * n + k] = t;
    }
  }

  @Override
  public void solve(boolean upper, boolean unit, boolean transposed, double[] a, int n, double[] b, int k) {
    boolean forward = upper == transposed;
    for (int s = 0; s < n; s++) {
      int i = forward ? s : n - 1 - s;
      for (int c = 0; c < k && !unit; c++) {
        b[i * k + c] /= a[i * n + i];
      }
      for (int r = forward ? i + 1 : 0; r < (forward ? n : i); r++) {
        double f = transposed ? a[i * n + r] : a[r * n + i];
        for (int c = 0; c < k; c++) {
          b[r * k + c] -= f * b[i * k + c];
        }
      }
    }
  }

  @Override
  public void qr(double[] a, int m, int n, double[] q, int k, double[] r) {
    JavaQr.factor(a, m, n, q, k, r);
  }

  @Override
  public boolean eigh(boolean upper, double[] a, int n, double[] values) {
    return JavaEigen.symmetric(upper, a, n, values);
  }

  /** One-sided Jacobi rotations (Hestenes 1958) of the rows of the wider side until they are orthogonal. */
  @Override
  public boolean svd(double[] a, int m, int n, boolean full, double[] u, double[] s, double[] vt) {
    if (Arrays.stream(a, 0, m * n).anyMatch(v -> !Double.isFinite(v))) {
      return false;
    }
    boolean wide = m <= n;
    int r = Math.min(m, n);
    int w = Math.max(m, n);
    int all = full ? w : r;
    double[] rows = new double[all * w];
    for (int i = 0; i < r; i++) {
      for (int k = 0; k < w; k++) {
        rows[i * w + k] = wide ? a[i * n + k] : a[k * n + i];
      }
    }
    double[] turn = new double[r * r];
    for (int i = 0; i < r; i++) {
      turn[i * r + i] = 1;
    }
    boolean done = false;
    for (int sweep = 0; sweep < SWEEPS && !done; sweep++) {
      done = !sweep(rows, turn, r, w);
    }
    double[] length = new double[all];
    for (int i = 0; i < r; i++) {
      length[i] = Math.sqrt(dot(rows, i * w, i * w, w));
    }
    int[] order = IntStream.range(0, all).boxed().sorted(Comparator.comparingDouble((Integer i) -> -length[i]))
        .mapToInt(Integer::intValue).toArray();
    complete(rows, length, order, w);
    for (int j = 0; j < all; j++) {
      int i = order[j];
      for (int k = 0; k < w; k++) {
        place(wide ? vt : u, wide, wide ? n : all, j, k, rows[i * w + k]);
      }
    }
    for (int j = 0; j < r; j++) {
      s[j] = length[order[j]];
      for (int k = 0; k < r; k++) {
        place(wide ? u : vt, !wide, r, j, k, turn[order[j] * r + k]);
      }
    }
    return done;
  }

  /** Element k of vector j, which is a row or a column of a matrix with so many columns. */
  private static void place(double[] to, boolean row, int columns, int j, int k, double v) {
    to[row ? j * columns + k : k * columns + j] = v;
  }

  /** Rotates each pair of rows; whether one was not orthogonal. */
  private static boolean sweep(double[] rows, double[] turn, int r, int w) {
    boolean any = false;
    for (int i = 0; i < r; i++) {
      for (int j = i + 1; j < r; j++) {
        double p = dot(rows, i * w, i * w, w);
        double q = dot(rows, j * w, j * w, w);
        double c = dot(rows, i * w, j * w, w);
        if (Math.abs(c) > SMALL * Math.sqrt(p * q) && c != 0) {
          any = true;
          double z = (q - p) / (2 * c);
          double t = Math.copySign(1, z) / (Math.abs(z) + Math.sqrt(1 + z * z));
          double cos = 1 / Math.sqrt(1 + t * t);
          rotate(rows, i * w, j * w, w, cos, cos * t);
          rotate(turn, i * r, j * r, r, cos, cos * t);
        }
      }
    }
    return any;
  }

  private static void rotate(double[] a, int x, int y, int n, double cos, double sin) {
    for (int k = 0; k < n; k++) {
      double p = a[x + k];
      double q = a[y + k];
      a[x + k] = cos * p - sin * q;
      a[y + k] = sin * p + cos * q;
    }
  }

  /** Rows of length 1; those of length 0 become some that are orthogonal to all others. */
  private static void complete(double[] rows, double[] length, int[] order, int w) {
    double limit = order.length == 0 ? 0 : length[order[0]] * SMALL * w;
    for (int j = 0; j < order.length; j++) {
      int i = order[j];
      if (length[i] > limit) {
        for (int k = 0; k < w; k++) {
          rows[i * w + k] /= length[i];
        }
      } else {
        length[i] = Math.min(length[i], limit);
        orthogonal(rows, order, j, w);
      }
    }
  }

  /** Row order[j] becomes a unit vector less its parts along the rows before it. */
  private static void orthogonal(double[] rows, int[] order, int j, int w) {
    int at = order[j] * w;
    for (int e = 0; e < w; e++) {
      Arrays.fill(rows, at, at + w, 0);
      rows[at + e] = 1;
      for (int twice = 0; twice < 2; twice++) {
        for (int b = 0; b < j; b++) {
          double c = dot(rows, at, order[b] * w, w);
          for (int k = 0; k < w; k++) {
            rows[at + k] -= c * rows[order[b] * w + k];
          }
        }
      }
      double n = Math.sqrt(dot(rows, at, at, w));
      if (n > 0.5 / Math.sqrt(w)) {
        for (int k = 0; k < w; k++) {
          rows[at + k] /= n;
        }
        return;
      }
    }
  }
}
