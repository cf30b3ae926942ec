package org.cotangent.cpu.gemm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.cotangent.spi.Native;

/**
 * Products of OpenBLAS on heap arrays, row-major, on the calling thread.
 *
 * <p>The calls are critical: arrays pass without a copy, and no garbage collection can begin until the call returns. Keep each to a few
 * milliseconds. Extents are not checked here. To be touched only where {@link OpenBlas} is available.
 */
@SuppressWarnings("restricted")      // binding native functions is what this class is for
final class Cblas {
  private static final int ROW_MAJOR = 101;
  private static final int PLAIN = 111;
  private static final int TRANSPOSED = 112;

  private static final MethodHandle SGEMM = gemm("cblas_sgemm", ValueLayout.JAVA_FLOAT);
  private static final MethodHandle DGEMM = gemm("cblas_dgemm", ValueLayout.JAVA_DOUBLE);

  private static final MethodHandle SGEMV = gemv("cblas_sgemv", ValueLayout.JAVA_FLOAT);
  private static final MethodHandle DGEMV = gemv("cblas_dgemv", ValueLayout.JAVA_DOUBLE);

  private Cblas() {}

  private static MethodHandle gemm(String name, MemoryLayout scalar) {
    var number = ValueLayout.JAVA_INT;
    var matrix = ValueLayout.ADDRESS;
    var signature = FunctionDescriptor.ofVoid(number, number, number, number, number, number, scalar, matrix, number, matrix, number,
        scalar, matrix, number);
    return handle(name, signature);
  }

  private static MethodHandle gemv(String name, MemoryLayout scalar) {
    var number = ValueLayout.JAVA_INT;
    var matrix = ValueLayout.ADDRESS;
    return handle(name, FunctionDescriptor.ofVoid(number, number, number, number, scalar, matrix, number, matrix, number, scalar, matrix, number));
  }

  private static MethodHandle handle(String name, FunctionDescriptor signature) {
    return Linker.nativeLinker().downcallHandle(OpenBlas.load().symbols().findOrThrow(name), signature, Linker.Option.critical(true));
  }

  /** c [m, n] = op(a) · op(b) + beta · c. */
  static void sgemm(boolean ta, boolean tb, int m, int n, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb,
      float beta, float[] c, int co, int ldc) {
    Native.call(() -> {
      SGEMM.invokeExact(ROW_MAJOR, ta ? TRANSPOSED : PLAIN, tb ? TRANSPOSED : PLAIN, m, n, k, 1f, from(a, ao), lda, from(b, bo), ldb,
          beta, from(c, co), ldc);
      return null;
    });
  }

  /** c [m, n] = op(a) · op(b) + beta · c. */
  static void dgemm(boolean ta, boolean tb, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb,
      double beta, double[] c, int co, int ldc) {
    Native.call(() -> {
      DGEMM.invokeExact(ROW_MAJOR, ta ? TRANSPOSED : PLAIN, tb ? TRANSPOSED : PLAIN, m, n, k, 1d, from(a, ao), lda, from(b, bo), ldb,
          beta, from(c, co), ldc);
      return null;
    });
  }

  /** y = op(a) · x + beta · y for the stored matrix a [rows, cols]; the steps are between elements of the vectors. */
  static void sgemv(boolean ta, int rows, int cols, float[] a, int ao, int lda, float[] x, int xo, int xStep,
      float beta, float[] y, int yo, int yStep) {
    Native.call(() -> {
      SGEMV.invokeExact(ROW_MAJOR, ta ? TRANSPOSED : PLAIN, rows, cols, 1f, from(a, ao), lda, from(x, xo), xStep, beta, from(y, yo), yStep);
      return null;
    });
  }

  /** y = op(a) · x + beta · y for the stored matrix a [rows, cols]; the steps are between elements of the vectors. */
  static void dgemv(boolean ta, int rows, int cols, double[] a, int ao, int lda, double[] x, int xo, int xStep,
      double beta, double[] y, int yo, int yStep) {
    Native.call(() -> {
      DGEMV.invokeExact(ROW_MAJOR, ta ? TRANSPOSED : PLAIN, rows, cols, 1d, from(a, ao), lda, from(x, xo), xStep, beta, from(y, yo), yStep);
      return null;
    });
  }

  private static MemorySegment from(float[] array, int offset) {
    return MemorySegment.ofArray(array).asSlice((long) offset << 2);
  }

  private static MemorySegment from(double[] array, int offset) {
    return MemorySegment.ofArray(array).asSlice((long) offset << 3);
  }
}
