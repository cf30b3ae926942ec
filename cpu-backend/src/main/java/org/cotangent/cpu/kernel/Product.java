package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.cpu.gemm.Gemm;
import org.cotangent.spi.GemmCall;

/** Matrix products on heap buffers. */
public final class Product {
  /** Columns from which on products of a column and a row are scaled rows: a call for each must pay. */
  private static final int LONG_ROW = 64;
  /** Elements a task. */
  private static final int GRAIN = 16 * 1024;

  private Product() {}

  /**
   * Runs the products of a call; those of half types in float32.
   *
   * @throws IllegalArgumentException if the elements are not of a floating type
   */
  public static void run(Pool pool, Gemm gemm, GemmCall g) {
    if (g.batch() == 0 || g.m() == 0 || g.n() == 0) {
      return;
    }
    Object a = HeapBuffer.of(g.a()).data();
    Object b = HeapBuffer.of(g.b()).data();
    Object c = HeapBuffer.of(g.c()).data();
    if (g.c().dtype() == DType.FLOAT32 && g.k() == 1 && g.n() >= LONG_ROW && (!g.transB() || g.ldb() == 1)) {
      outer(pool, g, (float[]) a, (float[]) b, (float[]) c);
    } else if (g.c().dtype() == DType.FLOAT32) {
      gemm.sgemmBatched(g.transA(), g.transB(), g.m(), g.n(), g.k(), g.batch(), (float[]) a, g.aOffset(), g.lda(), g.aBatch(),
          (float[]) b, g.bOffset(), g.ldb(), g.bBatch(), 0, (float[]) c, g.cOffset(), g.ldc(), g.cBatch());
    } else if (g.c().dtype() == DType.FLOAT64) {
      gemm.dgemmBatched(g.transA(), g.transB(), g.m(), g.n(), g.k(), g.batch(), (double[]) a, g.aOffset(), g.lda(), g.aBatch(),
          (double[]) b, g.bOffset(), g.ldb(), g.bBatch(), 0, (double[]) c, g.cOffset(), g.ldc(), g.cBatch());
    } else if (g.c().dtype().half()) {
      halves(gemm, g, g.c().dtype(), (short[]) a, (short[]) b, (short[]) c);
    } else {
      throw new IllegalArgumentException("gemm: " + g.c().dtype() + " is not a floating type");
    }
  }

  /** Products of a column and a row: each row of the result is the row scaled, which is bound by how fast memory takes it. */
  private static void outer(Pool pool, GemmCall g, float[] a, float[] b, float[] c) {
    int down = g.transA() ? 1 : g.lda();
    pool.forRanges((long) g.batch() * g.m(), Math.ceilDiv(GRAIN, g.n()), (from, to) -> {
      for (long i = from; i < to; i++) {
        long item = i / g.m();
        int row = (int) (i % g.m());
        float x = a[(int) (g.aOffset() + item * g.aBatch()) + row * down];
        FloatOps.MUL_CONSTANT.run(b, (int) (g.bOffset() + item * g.bBatch()), x, c, (int) (g.cOffset() + item * g.cBatch()) + row * g.ldc(), g.n());
      }
    });
  }

  private static void halves(Gemm gemm, GemmCall g, DType type, short[] a, short[] b, short[] c) {
    float[] x = widened(type, a, g.aOffset(), extent(g.transA() ? g.k() : g.m(), g.transA() ? g.m() : g.k(), g.lda(), g.aBatch(), g.batch()));
    float[] y = widened(type, b, g.bOffset(), extent(g.transB() ? g.n() : g.k(), g.transB() ? g.k() : g.n(), g.ldb(), g.bBatch(), g.batch()));
    float[] z = new float[Math.toIntExact((long) g.batch() * g.m() * g.n())];
    gemm.sgemmBatched(g.transA(), g.transB(), g.m(), g.n(), g.k(), g.batch(), x, 0, g.lda(), g.aBatch(),
        y, 0, g.ldb(), g.bBatch(), 0, z, 0, g.n(), (long) g.m() * g.n());
    for (int i = 0; i < g.batch(); i++) {
      for (int r = 0; r < g.m(); r++) {
        int to = (int) (g.cOffset() + i * g.cBatch() + (long) r * g.ldc());
        Rows.store(type, z, (i * g.m() + r) * g.n(), c, to, 1, g.n());
      }
    }
  }

  /** Elements from the first of a batch of stored matrices to the last. */
  private static int extent(int rows, int columns, int leading, long stride, int batch) {
    return rows == 0 || columns == 0 ? 0 : Math.toIntExact((batch - 1) * stride + (rows - 1L) * leading + columns);
  }

  private static float[] widened(DType type, short[] x, int offset, int n) {
    float[] y = new float[n];
    Rows.load(type, x, offset, 1, y, 0, n);
    return y;
  }
}
