package org.cotangent.cpu.gemm;

import org.cotangent.cpu.Pool;

/**
 * The cut of a batch of products into tasks: tiles of c, each summed over panels of k in order.
 *
 * <p>A grid is made from the sizes of the product and never from the number of threads, so that every thread count gives the same bits.
 * Where c is too small to occupy several threads and k is long, k is cut into slices as well; their partial results are added in order.
 *
 * @param rows height of a tile
 * @param cols width of a tile
 * @param depth length of a panel of k
 * @param slices number of slices of k that are separate tasks
 */
record Grid(int rows, int cols, int depth, int slices) {
  /** Tiles of fewer multiply-adds than this are not worth a task of their own. */
  static final long TASK = 1 << 19;

  /** So many tasks keep the threads of common machines busy; more are made only where a task would run too long. */
  static final int ENOUGH = 8;

  private static final int SLICE = 512;
  private static final int SLICES_ELEMENTS = 1 << 20;

  /** One tile, one panel. */
  static Grid whole(int m, int n, int k) {
    return new Grid(m, n, k, 1);
  }

  /** Computes a piece of one product: c [m, n] at {@code co} becomes (first ? beta : 1) · c + a · b. */
  @FunctionalInterface
  interface Kernel {
    void run(int m, int n, int k, int ao, int bo, int co, boolean first);
  }

  /** The number of tiles of one product. */
  int tiles(int m, int n) {
    return Math.multiplyExact(ceil(m, rows), ceil(n, cols));
  }

  /** Runs all tiles of {@code batch} products; small ones share a task. */
  void run(Pool pool, int m, int n, int k, int batch, Side a, Side b, Side c, Kernel kernel) {
    int tiles = tiles(m, n);
    long all = (long) batch * tiles;
    int group = (int) Math.clamp(TASK * tiles / Math.max(1, (long) m * n * k), 1, all);
    int tasks = Math.toIntExact(ceil(all, group));
    pool.forEach(tasks, task -> {
      long end = Math.min(all, (task + 1L) * group);
      for (long i = (long) task * group; i < end; i++) tile((int) (i / tiles), (int) (i % tiles), m, n, 0, k, a, b, c, kernel);
    });
  }

  /** Runs tile {@code tile} of product {@code item} over k from {@code from} to {@code to}. */
  private void tile(int item, int tile, int m, int n, int from, int to, Side a, Side b, Side c, Kernel kernel) {
    int across = ceil(n, cols);
    int i = tile / across * rows;
    int j = tile % across * cols;
    int height = Math.min(rows, m - i);
    int width = Math.min(cols, n - j);
    int co = c.at(item, i, j);
    for (int l = from; l < to; l += depth) {
      kernel.run(height, width, Math.min(depth, to - l), a.at(item, i, l), b.at(item, l, j), co, l == from);
      if (to - l <= depth) break;
    }
  }

  /** Runs every slice of k of one product; slice s writes its partial result [m, n] at {@code s * m * n} of c. */
  void runSlices(Pool pool, int m, int n, int k, Side a, Side b, Kernel kernel) {
    int tiles = tiles(m, n);
    pool.forEach(tiles * slices, task -> {
      int slice = task / tiles;
      var partial = new Side(false, slice * m * n, n, 0);
      tile(0, task % tiles, m, n, edge(slice, k), edge(slice + 1, k), a, b, partial, kernel);
    });
  }

  /** How many slices of k give a product with few tiles of this size enough tasks, each worth having. */
  static int slices(int m, int n, int k, int rows, int cols) {
    long tiles = (long) ceil(m, rows) * ceil(n, cols);
    long worth = Math.min((long) m * n * k / tiles / (2 * TASK), k / SLICE);
    long room = SLICES_ELEMENTS / Math.max(1, (long) m * n);
    return Math.clamp(Math.min(ENOUGH / tiles, Math.min(worth, room)), 1, ENOUGH);
  }

  private int edge(int slice, int k) {
    return (int) ((long) k * slice / slices);
  }

  static int ceil(int size, int step) {
    return (int) (((long) size + step - 1) / step);
  }

  static long ceil(long size, long step) {
    return (size + step - 1) / step;
  }

  /** The smallest multiple of {@code unit} that cuts {@code size} into as few parts as steps of {@code most} do; at most {@code size}. */
  static int even(int size, int most, int unit) {
    int parts = ceil(size, Math.max(unit, most / unit * unit));
    return Math.min(size, ceil(ceil(size, parts), unit) * unit);
  }
}
