package org.cotangent.cpu.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cotangent.cpu.Pool;
import org.cotangent.cpu.lapack.Lapack;
import org.cotangent.errors.MatrixException;
import org.cotangent.spi.Operand;

/**
 * Factorisations of the matrices in the last two axes of dense operands, those of a batch spread over the pool. All compute in double:
 * float32 is converted and rounded back.
 */
public final class Factorisation {
  private static final String NOT_FOUND = "it contains non-finite values, or the algorithm failed to converge";

  private Factorisation() {}

  private interface Body {
    /** 0, or the 1-based place where matrix i failed. */
    int run(int i);
  }

  /** What each matrix of a batch says, in order. */
  private static int[] each(Pool pool, int count, Body body) {
    int[] info = new int[count];
    if (count == 1) {
      info[0] = body.run(0);
    } else if (count > 1) {
      pool.forEach(count, i -> info[i] = body.run(i));
    }
    return info;
  }

  private static void refuse(String op, int[] info, String what, String where) {
    int bad = IntStream.range(0, info.length).filter(i -> info[i] != 0).findFirst().orElse(-1);
    if (bad >= 0) {
      String which = info.length == 1 ? "the matrix" : "matrix " + bad + " of " + info.length;
      throw new MatrixException(op + ": " + which + " " + what + ": " + where.formatted(info[bad]));
    }
  }

  private static int dim(Operand o, int fromEnd) {
    int[] d = o.layout().dims();
    return d[d.length - fromEnd];
  }

  private static int count(Operand o, int matrixAxes) {
    int n = 1;
    int[] d = o.layout().dims();
    for (int i = 0; i < d.length - matrixAxes; i++) {
      n *= d[i];
    }
    return n;
  }

  private static double[] read(Operand o, int i, int size) {
    int from = o.layout().offset() + i * size;
    return switch (HeapBuffer.data(o)) {
      case double[] a -> Arrays.copyOfRange(a, from, from + size);
      case float[] a -> IntStream.range(from, from + size).mapToDouble(k -> a[k]).toArray();
      default -> throw new IllegalStateException("a matrix of " + o.dtype());
    };
  }

  private static void write(double[] m, Operand o, int i, int size) {
    int to = o.layout().offset() + i * size;
    switch (HeapBuffer.data(o)) {
      case double[] a -> System.arraycopy(m, 0, a, to, size);
      case float[] a -> {
        for (int k = 0; k < size; k++) {
          a[to + k] = (float) m[k];
        }
      }
      default -> throw new IllegalStateException("a matrix of " + o.dtype());
    }
  }

  private static void identity(double[] a, int n) {
    for (int i = 0; i < a.length; i += n + 1) {
      a[i] = 1;
    }
  }

  /** a becomes its lower triangular factor. */
  public static void cholesky(Pool pool, String op, boolean checked, Operand a) {
    int n = dim(a, 1);
    int[] info = each(pool, n == 0 ? 0 : count(a, 2), i -> {
      double[] m = read(a, i, n * n);
      int bad = Lapack.instance().cholesky(m, n);
      for (int r = 0; r < n; r++) {
        if (bad > 0 && r >= bad - 1) {
          Arrays.fill(m, r * n, r * n + r + 1, Double.NaN);
        }
        Arrays.fill(m, r * n + r + 1, r * n + n, 0);
      }
      write(m, a, i, n * n);
      return bad;
    });
    if (checked) {
      refuse(op, info, "is not positive-definite", "the leading minor of order %d is not positive");
    }
  }

  /** a becomes its factors; {@code order} its rows, {@code pivots} their exchanges. */
  public static void lu(Pool pool, String op, boolean checked, Operand a, Operand order, Operand pivots) {
    int m = dim(a, 2);
    int n = dim(a, 1);
    int[] info = each(pool, count(a, 2), i -> {
      double[] x = read(a, i, m * n);
      int[] p = new int[Math.min(m, n)];
      int bad = p.length == 0 ? 0 : Lapack.instance().lu(x, m, n, p);
      write(x, a, i, m * n);
      exchanges(p, pivots, order, i, m);
      return bad;
    });
    if (checked) {
      refuse(op, info, "is singular", "pivot %d is 0, so it has no inverse");
    }
  }

  /** Writes the exchanges {@code p}, counted from 0, of the m rows of matrix i, and the order that they leave. */
  private static void exchanges(int[] p, Operand pivots, Operand order, int i, int m) {
    int[] counted = (int[]) HeapBuffer.data(pivots);
    long[] rows = (long[]) HeapBuffer.data(order);
    int at = order.layout().offset() + i * m;
    for (int k = 0; k < m; k++) {
      rows[at + k] = k;
    }
    for (int k = 0; k < p.length; k++) {
      counted[pivots.layout().offset() + i * p.length + k] = p[k] + 1;
      long t = rows[at + k];
      rows[at + k] = rows[at + p[k]];
      rows[at + p[k]] = t;
    }
  }

  /** b becomes op(a)⁻¹ b. */
  public static void solve(Pool pool, boolean upper, boolean unit, boolean transposed, Operand a, Operand b) {
    int n = dim(a, 1);
    int k = dim(b, 1);
    each(pool, n * k == 0 ? 0 : count(a, 2), i -> {
      double[] x = read(b, i, n * k);
      Lapack.instance().solve(upper, unit, transposed, read(a, i, n * n), n, x, k);
      write(x, b, i, n * k);
      return 0;
    });
  }

  /** a = q r. */
  public static void qr(Pool pool, Operand a, Operand q, Operand r) {
    int m = dim(a, 2);
    int n = dim(a, 1);
    int k = dim(q, 1);
    each(pool, m * k == 0 ? 0 : count(a, 2), i -> {
      double[] left = new double[m * k];
      double[] right = new double[n * n];
      Lapack.instance().qr(read(a, i, m * n), m, n, left, k, right);
      write(left, q, i, m * k);
      write(right, r, i, n * n);
      return 0;
    });
  }

  /** Whether all are numbers; the iterations of LAPACK may not end with infinities. */
  private static boolean finite(double... x) {
    return Arrays.stream(x).allMatch(Double::isFinite);
  }

  /** a = v diag(w) vᵀ; a becomes v. */
  public static void eigh(Pool pool, String op, boolean upper, Operand w, Operand a) {
    int n = dim(a, 1);
    int[] info = each(pool, n == 0 ? 0 : count(a, 2), i -> {
      double[] values = new double[n];
      double[] x = read(a, i, n * n);
      boolean ok = finite(x) && Lapack.instance().eigh(upper, x, n, values);
      write(values, w, i, n);
      write(x, a, i, n * n);
      return ok ? 0 : 1;
    });
    refuse(op, info, "has no eigenvalues", NOT_FOUND);
  }

  /** a = u diag(s) vt. */
  public static void svd(Pool pool, String op, Operand a, Operand u, Operand s, Operand vt) {
    int m = dim(a, 2);
    int n = dim(a, 1);
    int r = Math.min(m, n);
    int c = dim(u, 1);
    int d = dim(vt, 2);
    int[] info = each(pool, c + d == 0 ? 0 : count(a, 2), i -> {
      double[] left = new double[m * c];
      double[] values = new double[r];
      double[] right = new double[d * n];
      if (r == 0) {
        identity(left, m);
        identity(right, n);
      }
      double[] x = read(a, i, m * n);
      boolean ok = r == 0 || finite(x) && Lapack.instance().svd(x, m, n, c == m && d == n, left, values, right);
      write(left, u, i, m * c);
      write(values, s, i, r);
      write(right, vt, i, d * n);
      return ok ? 0 : 1;
    });
    refuse(op, info, "has no singular values", NOT_FOUND);
  }
}
