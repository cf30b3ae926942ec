package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.gemm.Gemm;
import org.cotangent.spi.GemmCall;

/** Matrix products on heap buffers. */
public final class Product {
  private Product() {}

  /**
   * Runs the products of a call.
   *
   * @throws IllegalArgumentException if the elements are not float32 or float64
   */
  public static void run(Gemm gemm, GemmCall g) {
    if (g.batch() == 0 || g.m() == 0 || g.n() == 0) {
      return;
    }
    Object a = HeapBuffer.of(g.a()).data();
    Object b = HeapBuffer.of(g.b()).data();
    Object c = HeapBuffer.of(g.c()).data();
    if (g.c().dtype() == DType.FLOAT32) {
      gemm.sgemmBatched(g.transA(), g.transB(), g.m(), g.n(), g.k(), g.batch(), (float[]) a, g.aOffset(), g.lda(), g.aBatch(),
          (float[]) b, g.bOffset(), g.ldb(), g.bBatch(), 0, (float[]) c, g.cOffset(), g.ldc(), g.cBatch());
    } else if (g.c().dtype() == DType.FLOAT64) {
      gemm.dgemmBatched(g.transA(), g.transB(), g.m(), g.n(), g.k(), g.batch(), (double[]) a, g.aOffset(), g.lda(), g.aBatch(),
          (double[]) b, g.bOffset(), g.ldb(), g.bBatch(), 0, (double[]) c, g.cOffset(), g.ldc(), g.cBatch());
    } else {
      throw new IllegalArgumentException("gemm: " + g.c().dtype() + " is not float32 or float64");
    }
  }
}
