package org.cotangent.cpu.gemm;

import org.cotangent.cpu.Pool;

/**
 * A product in float32 by kernels that pack nothing, on operands that were brought into order once for all tiles.
 *
 * <p>Where OpenBLAS packs, it does so anew in each call, so that tiles small enough for several threads run at 65 to 79 GFLOP/s on a core that
 * reaches 93 in one call. Its kernels for products below a million multiply-adds read operands where they lie, and reach 100 to 110 where
 * neither rows are far apart nor b is transposed. So columns of b are copied into panels of their own, transposed if need be, and columns of a
 * that is transposed likewise.
 *
 * @param ta whether the stored matrix a is the transpose, and likewise for {@code tb}
 * @param rows height of a tile
 * @param cols width of a tile
 * @param depth length of a panel
 */
record Panels(Pool pool, boolean ta, boolean tb, int m, int n, int k, int rows, int cols, int depth) {
  /** Most multiply-adds of a tile: OpenBLAS's kernels that pack nothing end at a million. */
  private static final int TILE = 900_000;

  private static final int HEIGHT = 32;
  private static final int TALLEST = 512;
  private static final int WIDTH = 64;
  private static final int DEPTH = 384;

  /** Rows and columns of c whose operands are in panels at a time. */
  private static final int CHUNK = 2048;

  /** Tiles a task. */
  private static final int GROUP = 8;

  /** Rows of c from which on panels of b pay. */
  private static final int WORTH = 128;

  /** The panels of a and of b, kept for the next product of the thread: 3 MiB each at most. */
  private static final ThreadLocal<float[][]> SCRATCH = ThreadLocal.withInitial(() -> new float[2][0]);

  /** The cut of {@code batch} products of these sizes, whatever the number of threads. */
  static Panels of(Pool pool, boolean ta, boolean tb, int m, int n, int k, int batch) {
    int cols = Grid.even(n, WIDTH, 16);
    int depth = Grid.even(k, DEPTH, 4);
    return new Panels(pool, ta, tb, m, n, k, height(m, batch, cols, depth), cols, depth);
  }

  /** The height of tiles that the kernels which pack nothing take, low enough for several tasks. */
  static int height(int m, int batch, int cols, int depth) {
    long most = Math.min(TALLEST, (long) m * batch / Grid.ENOUGH) / HEIGHT * HEIGHT;
    return Math.clamp(TILE / ((long) cols * depth) / HEIGHT * HEIGHT, HEIGHT, (int) Math.max(HEIGHT, most));
  }

  /** How many slices of k a single product would be better cut into. */
  int slices() {
    return Grid.slices(m, n, k, rows, cols);
  }

  /** Whether products of these sizes are worth panels. */
  static boolean worth(int m, int n, int k) {
    return m >= WORTH && n >= 8 && k >= 8;
  }

  /** Runs {@code batch} products: c = op(a) · op(b) + beta · c. */
  void run(int batch, float[] a, Side sideA, float[] b, Side sideB, float beta, float[] c, Side sideC) {
    pool.forEach(batch, item -> {
      for (int l = 0; l < k; l += depth) {
        panel(item, l, a, sideA, b, sideB, l == 0 ? beta : 1, c, sideC);
      }
    });
  }

  /** Adds what the panel of k that begins at l contributes. */
  private void panel(int item, int l, float[] a, Side sideA, float[] b, Side sideB, float beta, float[] c, Side sideC) {
    int d = Math.min(depth, k - l);
    int chunk = CHUNK / cols * cols;
    int tall = Math.max(1, CHUNK / rows) * rows;
    for (int j = 0; j < n; j += chunk) {
      int width = Math.min(chunk, n - j);
      float[] right = inPlace() ? b : packed(1, tb, cols, width, d, b, sideB.at(item, l, j), sideB.leading());
      for (int i = 0; i < m; i += tall) {
        int height = Math.min(tall, m - i);
        float[] left = ta ? packed(0, false, rows, height, d, a, sideA.at(item, i, l), sideA.leading()) : a;
        int ao = ta ? 0 : sideA.at(item, i, l);
        int bo = inPlace() ? sideB.at(item, l, j) : 0;
        int co = sideC.at(item, i, j);
        tiles(height, width, d, left, ao, sideA.leading(), right, bo, sideB.leading(), beta, c, co, sideC.leading());
      }
    }
  }

  /** Whether b is one panel as it lies. */
  private boolean inPlace() {
    return !tb && n <= cols;
  }

  /**
   * Panels of the columns of x, one after the other: elements [d, w] for each {@code step} columns and the last fewer.
   *
   * @param transposed whether columns of the panels are rows of x
   */
  private float[] packed(int operand, boolean transposed, int step, int width, int d, float[] x, int xo, int ld) {
    float[][] scratch = SCRATCH.get();
    if (scratch[operand].length < width * d) {
      scratch[operand] = new float[width * d];
    }
    float[] to = scratch[operand];
    int panels = Grid.ceil(width, step);
    int group = Math.max(1, GROUP * WIDTH / step);
    pool.forEach(Grid.ceil(panels, group), task -> {
      for (int p = task * group; p < Math.min(panels, (task + 1) * group); p++) {
        int j = p * step;
        int w = Math.min(step, width - j);
        if (transposed) {
          transpose(x, xo + j * ld, ld, d, w, to, j * d);
        } else {
          for (int r = 0; r < d; r++) System.arraycopy(x, xo + r * ld + j, to, j * d + r * w, w);
        }
      }
    });
    return to;
  }

  /** to [d, w] from x [w, d], some rows at a time, which stay in the first-level cache. */
  private static void transpose(float[] x, int xo, int ld, int d, int w, float[] to, int at) {
    int r = 0;
    for (; r <= d - 8; r += 8) eight(x, xo + r, ld, w, to, at + r * w);
    for (; r < d; r++) {
      for (int j = 0; j < w; j++) to[at + r * w + j] = x[xo + j * ld + r];
    }
  }

  private static void eight(float[] x, int xo, int ld, int w, float[] to, int at) {
    for (int j = 0; j < w; j++) {
      int from = xo + j * ld;
      int t = at + j;
      to[t] = x[from];
      to[t + w] = x[from + 1];
      to[t + 2 * w] = x[from + 2];
      to[t + 3 * w] = x[from + 3];
      to[t + 4 * w] = x[from + 4];
      to[t + 5 * w] = x[from + 5];
      to[t + 6 * w] = x[from + 6];
      to[t + 7 * w] = x[from + 7];
    }
  }

  /** All tiles of c [height, width], those of one panel of b one after the other. */
  private void tiles(int height, int width, int d, float[] a, int ao, int lda, float[] b, int bo, int ldb, float beta, float[] c, int co, int ldc) {
    int across = Grid.ceil(width, cols);
    int down = Grid.ceil(height, rows);
    int group = Math.clamp((long) down * across / Grid.ENOUGH, 1, GROUP);
    pool.forEach(Grid.ceil(down, group) * across, task -> {
      int j = task % across * cols;
      int w = Math.min(cols, width - j);
      int first = task / across * group;
      for (int t = first; t < Math.min(down, first + group); t++) {
        int i = t * rows;
        int h = Math.min(rows, height - i);
        Cblas.sgemm(ta, false, h, w, d, a, ao + i * (ta ? d : lda), ta ? h : lda, b, bo + (inPlace() ? j : j * d), inPlace() ? ldb : w,
            beta, c, co + i * ldc + j, ldc);
      }
    });
  }
}
