package org.cotangent.cpu.gemm;

import org.cotangent.cpu.Pool;

/**
 * Matrix products made of tiles that a {@link Pool} runs: the checks, the cut and the order of summation. How one tile is computed, and which
 * tiles suit it, is the subclass's.
 */
abstract class TiledGemm implements Gemm {
  private final Pool pool;

  TiledGemm(Pool pool) {
    this.pool = pool;
  }

  final Pool pool() {
    return pool;
  }

  /** c [m, n] = op(a) · op(b) + beta · c on the calling thread; extents are right and no size is 0. */
  abstract void tile(boolean ta, boolean tb, int m, int n, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb,
      float beta, float[] c, int co, int ldc);

  /** As above in float64. */
  abstract void tile(boolean ta, boolean tb, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb,
      double beta, double[] c, int co, int ldc);

  /** Computes products in a way of its own and returns true, or returns false and leaves all as it was. */
  boolean products(int m, int n, int k, int batch, float[] a, Side sideA, float[] b, Side sideB, float beta, float[] c, Side sideC) {
    return false;
  }

  /** The cut of each of {@code batch} products; it may depend on anything but the number of threads. */
  abstract Grid grid(boolean ta, boolean tb, int m, int n, int k, int batch, int elementBytes);

  @Override
  public final void sgemmBatched(boolean ta, boolean tb, int m, int n, int k, int batch, float[] a, long ao, int lda, long sa,
      float[] b, long bo, int ldb, long sb, float beta, float[] c, long co, int ldc, long sc) {
    checkSizes(m, n, k, batch, sc);
    var sideC = Side.of("c", false, m, n, batch, c.length, co, ldc, sc);
    var sideA = Side.of("a", ta, m, k, batch, a.length, ao, lda, sa);
    var sideB = Side.of("b", tb, k, n, batch, b.length, bo, ldb, sb);
    if (m == 0 || n == 0 || batch == 0) return;
    if (k == 0) {
      scale(m, n, batch, beta, c, sideC);
      return;
    }
    if (batch == 1 && single(m, n, k)) {
      tile(ta, tb, m, n, k, a, sideA.offset(), sideA.leading(), b, sideB.offset(), sideB.leading(), beta, c, sideC.offset(), sideC.leading());
      return;
    }
    if (products(m, n, k, batch, a, sideA, b, sideB, beta, c, sideC)) return;
    Grid grid = grid(ta, tb, m, n, k, batch, Float.BYTES);
    if (batch == 1 && grid.slices() > 1) {
      sliced(grid, m, n, k, a, sideA, b, sideB, beta, c, sideC);
      return;
    }
    grid.run(pool, m, n, k, batch, sideA, sideB, sideC, (rows, cols, depth, i, j, l, first) ->
        tile(ta, tb, rows, cols, depth, a, i, sideA.leading(), b, j, sideB.leading(), first ? beta : 1, c, l, sideC.leading()));
  }

  @Override
  public final void dgemmBatched(boolean ta, boolean tb, int m, int n, int k, int batch, double[] a, long ao, int lda, long sa,
      double[] b, long bo, int ldb, long sb, double beta, double[] c, long co, int ldc, long sc) {
    checkSizes(m, n, k, batch, sc);
    var sideC = Side.of("c", false, m, n, batch, c.length, co, ldc, sc);
    var sideA = Side.of("a", ta, m, k, batch, a.length, ao, lda, sa);
    var sideB = Side.of("b", tb, k, n, batch, b.length, bo, ldb, sb);
    if (m == 0 || n == 0 || batch == 0) return;
    if (k == 0) {
      scale(m, n, batch, beta, c, sideC);
      return;
    }
    if (batch == 1 && single(m, n, k)) {
      tile(ta, tb, m, n, k, a, sideA.offset(), sideA.leading(), b, sideB.offset(), sideB.leading(), beta, c, sideC.offset(), sideC.leading());
      return;
    }
    Grid grid = grid(ta, tb, m, n, k, batch, Double.BYTES);
    if (batch == 1 && grid.slices() > 1) {
      sliced(grid, m, n, k, a, sideA, b, sideB, beta, c, sideC);
      return;
    }
    grid.run(pool, m, n, k, batch, sideA, sideB, sideC, (rows, cols, depth, i, j, l, first) ->
        tile(ta, tb, rows, cols, depth, a, i, sideA.leading(), b, j, sideB.leading(), first ? beta : 1, c, l, sideC.leading()));
  }

  private static boolean single(int m, int n, int k) {
    return (long) m * n * k <= Grid.TASK;
  }

  private static void checkSizes(int m, int n, int k, int batch, long sc) {
    if ((m | n | k | batch) < 0) {
      throw new IllegalArgumentException("gemm: negative size: m " + m + ", n " + n + ", k " + k + ", batch " + batch);
    }
    if (batch > 1 && sc == 0) throw new IllegalArgumentException("gemm: the results of " + batch + " products share one place: stride of c is 0");
  }

  private void sliced(Grid grid, int m, int n, int k, float[] a, Side sideA, float[] b, Side sideB, float beta, float[] c, Side sideC) {
    var partial = new float[grid.slices() * m * n];
    grid.runSlices(pool, m, n, k, sideA, sideB, (rows, cols, depth, i, j, l, first) ->
        tile(sideA.transposed(), sideB.transposed(), rows, cols, depth, a, i, sideA.leading(), b, j, sideB.leading(), first ? 0 : 1, partial, l, n));
    scale(m, n, 1, beta, c, sideC);
    for (int slice = 0, p = 0; slice < grid.slices(); slice++) {
      for (int row = 0; row < m; row++, p += n) add(n, partial, p, c, sideC.at(0, row, 0));
    }
  }

  private void sliced(Grid grid, int m, int n, int k, double[] a, Side sideA, double[] b, Side sideB, double beta, double[] c, Side sideC) {
    var partial = new double[grid.slices() * m * n];
    grid.runSlices(pool, m, n, k, sideA, sideB, (rows, cols, depth, i, j, l, first) ->
        tile(sideA.transposed(), sideB.transposed(), rows, cols, depth, a, i, sideA.leading(), b, j, sideB.leading(), first ? 0 : 1, partial, l, n));
    scale(m, n, 1, beta, c, sideC);
    for (int slice = 0, p = 0; slice < grid.slices(); slice++) {
      for (int row = 0; row < m; row++, p += n) add(n, partial, p, c, sideC.at(0, row, 0));
    }
  }

  private static void add(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) y[yo + i] += x[xo + i];
  }

  private static void add(int n, double[] x, int xo, double[] y, int yo) {
    for (int i = 0; i < n; i++) y[yo + i] += x[xo + i];
  }

  /** c = beta · c; where beta is 0, c is not read. */
  private static void scale(int m, int n, int batch, float beta, float[] c, Side side) {
    if (beta == 1) return;
    for (int item = 0; item < batch; item++) {
      for (int row = 0; row < m; row++) {
        int from = side.at(item, row, 0);
        for (int i = from; i < from + n; i++) c[i] = beta == 0 ? 0 : beta * c[i];
      }
    }
  }

  private static void scale(int m, int n, int batch, double beta, double[] c, Side side) {
    if (beta == 1) return;
    for (int item = 0; item < batch; item++) {
      for (int row = 0; row < m; row++) {
        int from = side.at(item, row, 0);
        for (int i = from; i < from + n; i++) c[i] = beta == 0 ? 0 : beta * c[i];
      }
    }
  }
}
