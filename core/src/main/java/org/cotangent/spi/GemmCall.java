package org.cotangent.spi;

/**
 * {@code batch} products C = op(A) op(B) in row-major order: op(A) is [m, k], op(B) [k, n], C [m, n]. Product number i reads A at
 * {@code aOffset + i * aBatch} and so on; a batch stride of 0 shares the operand.
 *
 * @param transA whether A is stored as [k, m]
 * @param transB whether B is stored as [n, k]
 * @param lda elements from one stored row of A to the next
 */
public record GemmCall(
  boolean transA, boolean transB, int m, int n, int k, int batch,
  Buffer a, int aOffset, int lda, long aBatch,
  Buffer b, int bOffset, int ldb, long bBatch,
  Buffer c, int cOffset, int ldc, long cBatch) {}
