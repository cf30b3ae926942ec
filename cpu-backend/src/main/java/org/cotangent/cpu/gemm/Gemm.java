package org.cotangent.cpu.gemm;

/**
 * Products of row-major matrices in heap arrays: c = op(a) · op(b) + beta · c.
 *
 * <p>op(a) is [m, k], op(b) is [k, n], c is [m, n]. A stored row {@code r} of {@code a} begins at {@code ao + r * lda}; {@code ta} says that
 * the stored matrix is the transpose, [k, m], and likewise for {@code b}. Where {@code beta} is 0, c is written and never read; where k is 0,
 * c becomes beta · c. c must not overlap a or b. The result has the same bits whatever the number of threads. A bad extent, leading dimension
 * or stride throws {@link IllegalArgumentException} before anything is written.
 */
public interface Gemm {
  /** c = op(a) · op(b) + beta · c in float32. */
  default void sgemm(boolean ta, boolean tb, int m, int n, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb,
      float beta, float[] c, int co, int ldc) {
    sgemmBatched(ta, tb, m, n, k, 1, a, ao, lda, 0, b, bo, ldb, 0, beta, c, co, ldc, 0);
  }

  /** c = op(a) · op(b) + beta · c in float64. */
  default void dgemm(boolean ta, boolean tb, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb,
      double beta, double[] c, int co, int ldc) {
    dgemmBatched(ta, tb, m, n, k, 1, a, ao, lda, 0, b, bo, ldb, 0, beta, c, co, ldc, 0);
  }

  /**
   * {@code batch} products in float32: product i has its operands {@code i * sa}, {@code i * sb} and {@code i * sc} elements further on.
   * A stride of 0 shares the operand; {@code sc} may be 0 only where {@code batch} is 1, and the results must not overlap.
   */
  void sgemmBatched(boolean ta, boolean tb, int m, int n, int k, int batch, float[] a, long ao, int lda, long sa,
      float[] b, long bo, int ldb, long sb, float beta, float[] c, long co, int ldc, long sc);

  /** {@code batch} products in float64, as {@link #sgemmBatched}. */
  void dgemmBatched(boolean ta, boolean tb, int m, int n, int k, int batch, double[] a, long ao, int lda, long sa,
      double[] b, long bo, int ldb, long sb, double beta, double[] c, long co, int ldc, long sc);

  /** What computes the products: "OpenBLAS 0.3.31 (SkylakeX), 2 threads", or "pure Java, 2 threads: no OpenBLAS for linux-riscv64". */
  String description();
}
