package org.cotangent.cpu.gemm;

import org.cotangent.cpu.Pool;

/**
 * Matrix products by single-threaded OpenBLAS calls on heap arrays.
 *
 * <p>A call holds off the garbage collector while it runs, so none is longer than some 5 ms on one core. The cuts below were measured: a tile
 * costs OpenBLAS a fresh packing of its operands, least if it is tall; but where the library has kernels for small products that pack nothing
 * (AVX-512, a not transposed or b transposed only with it), tiles of less than a million multiply-adds are the fastest as long as the operands
 * stay in cache. Larger operands, and those that lie badly for these kernels, are brought into order for them: {@link Panels}.
 */
public final class OpenBlasGemm extends TiledGemm {
  /** Most multiply-adds of a call in float32: 3 ms at 90 GFLOP/s. */
  private static final long CALL = 1 << 27;

  /** Most elements of an operand that a call reads. */
  private static final int CALL_ELEMENTS = 1 << 21;

  /** Most bytes of the operands of a product that is cut for the small kernels. */
  private static final long SMALL_BYTES = 4 << 20;

  private static final int SMALL_ROWS = 32;
  private static final int SMALL_COLS = 64;
  private static final int SMALL_DEPTH = 384;

  private final boolean smallKernels;

  /**
   * Products on {@code pool}.
   *
   * @throws IllegalStateException if {@link OpenBlas} is unavailable
   */
  public OpenBlasGemm(Pool pool) {
    super(pool);
    OpenBlas.load().symbols();
    smallKernels = OpenBlas.load().toString().matches(".*\\((SkylakeX|Cooperlake|SapphireRapids)\\)");
  }

  /** By panels where the small kernels would be slow on the operands as they lie, and rows are enough to make up for copying. */
  @Override
  boolean products(int m, int n, int k, int batch, float[] a, Side sideA, float[] b, Side sideB, float beta, float[] c, Side sideC) {
    boolean ta = sideA.transposed();
    boolean tb = sideB.transposed();
    if (!smallKernels || !Panels.worth(m, n, k) || small(ta, tb, m, n, k, Float.BYTES)) return false;
    Panels panels = Panels.of(pool(), ta, tb, m, n, k, batch);
    if (batch == 1 && panels.slices() > 1) return false;
    panels.run(batch, a, sideA, b, sideB, beta, c, sideC);
    return true;
  }

  /** Whether the small kernels are the fastest on the operands as they lie. */
  private boolean small(boolean ta, boolean tb, int m, int n, int k, int elementBytes) {
    return smallKernels && (ta || !tb) && elementBytes * ((long) m * k + (long) k * n + (long) m * n) <= SMALL_BYTES;
  }

  @Override
  Grid grid(boolean ta, boolean tb, int m, int n, int k, int batch, int elementBytes) {
    if (m == 1 || n == 1) return vectorGrid(m == 1 ? tb : !ta, m, n, k);
    return small(ta, tb, m, n, k, elementBytes) ? smallGrid(m, n, k, batch, elementBytes) : largeGrid(m, n, k, elementBytes);
  }

  private static Grid smallGrid(int m, int n, int k, int batch, int elementBytes) {
    int cols = Grid.even(n, Math.max(SMALL_COLS, SMALL_ROWS * SMALL_COLS / Math.min(m, SMALL_ROWS)), 16);
    int depth = Grid.even(k, SMALL_DEPTH, 4);
    int rows = Math.min(m, elementBytes == Float.BYTES ? Panels.height(m, batch, cols, depth) : SMALL_ROWS);
    return new Grid(rows, cols, depth, Grid.slices(m, n, k, rows, cols));
  }

  /** Columns are cut before rows, for the height's sake, until there are tasks enough. */
  private static Grid largeGrid(int m, int n, int k, int elementBytes) {
    int rows = Grid.even(m, 1024, 16);
    int cols = Grid.even(n, 512, 16);
    while ((long) Grid.ceil(m, rows) * Grid.ceil(n, cols) < Grid.ENOUGH) {
      if (cols > 128 && (cols > 256 || rows <= 512)) cols = Grid.even(n, cols / 2, 16);
      else if (rows > 256) rows = Grid.even(m, rows / 2, 16);
      else break;
    }
    int most = (int) Math.min(CALL * Float.BYTES / elementBytes / ((long) rows * cols), CALL_ELEMENTS / Math.max(rows, cols));
    return new Grid(rows, cols, Grid.even(k, Math.max(64, most), 4), Grid.slices(m, n, k, rows, cols));
  }

  /** A matrix times a vector; {@code dots} says that the matrix lies with k along its rows. */
  private static Grid vectorGrid(boolean dots, int m, int n, int k) {
    int size = Math.max(m, n);
    int part = Math.min(size, Math.max(CALL_ELEMENTS / 16 / k, dots ? 16 : 1024));
    int depth = Grid.even(k, Math.max(64, CALL_ELEMENTS / part), 4);
    return new Grid(m == 1 ? 1 : part, n == 1 ? 1 : part, depth, Grid.slices(m, n, k, m == 1 ? 1 : part, n == 1 ? 1 : part));
  }

  @Override
  public String description() {
    return OpenBlas.load() + ", " + pool().threads() + (pool().threads() == 1 ? " thread" : " threads");
  }

  @Override
  void tile(boolean ta, boolean tb, int m, int n, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb,
      float beta, float[] c, int co, int ldc) {
    if (n == 1) Cblas.sgemv(ta, ta ? k : m, ta ? m : k, a, ao, lda, b, bo, tb ? 1 : ldb, beta, c, co, ldc);
    else if (m == 1) Cblas.sgemv(!tb, tb ? n : k, tb ? k : n, b, bo, ldb, a, ao, ta ? lda : 1, beta, c, co, 1);
    else Cblas.sgemm(ta, tb, m, n, k, a, ao, lda, b, bo, ldb, beta, c, co, ldc);
  }

  @Override
  void tile(boolean ta, boolean tb, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb,
      double beta, double[] c, int co, int ldc) {
    if (n == 1) Cblas.dgemv(ta, ta ? k : m, ta ? m : k, a, ao, lda, b, bo, tb ? 1 : ldb, beta, c, co, ldc);
    else if (m == 1) Cblas.dgemv(!tb, tb ? n : k, tb ? k : n, b, bo, ldb, a, ao, ta ? lda : 1, beta, c, co, 1);
    else Cblas.dgemm(ta, tb, m, n, k, a, ao, lda, b, bo, ldb, beta, c, co, ldc);
  }
}
