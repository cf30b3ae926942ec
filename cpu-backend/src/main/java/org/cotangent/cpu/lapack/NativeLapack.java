package org.cotangent.cpu.lapack;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import org.cotangent.cpu.gemm.OpenBlas;
import org.cotangent.spi.Native;

/**
 * LAPACK of OpenBLAS. Matrices are copied to native memory: a call may take long, and a call on heap arrays would keep the garbage
 * collector waiting.
 */
@SuppressWarnings("restricted")      // binding native functions is what this class is for
final class NativeLapack implements Lapack {
  private static final int ROW_MAJOR = 101;
  private static final int PLAIN = 111;
  private static final int TRANSPOSED = 112;
  private static final int UPPER = 121;
  private static final int LOWER = 122;
  private static final int NON_UNIT = 131;
  private static final int UNIT = 132;
  private static final int LEFT = 141;

  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout CHAR = ValueLayout.JAVA_BYTE;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private final MethodHandle potrf = handle("LAPACKE_dpotrf_work",
      FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, CHAR, INT, POINTER, INT));
  private final MethodHandle getrf = handle("LAPACKE_dgetrf_work",
      FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, INT, INT, POINTER, INT, POINTER));
  private final MethodHandle geqrf = handle("LAPACKE_dgeqrf",
      FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, INT, INT, POINTER, INT, POINTER));
  private final MethodHandle orgqr = handle("LAPACKE_dorgqr",
      FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, INT, INT, INT, POINTER, INT, POINTER));
  private final MethodHandle syevd = handle("LAPACKE_dsyevd",
      FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, CHAR, CHAR, INT, POINTER, INT, POINTER));
  private final MethodHandle gesdd = handle("LAPACKE_dgesdd",
      FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, CHAR, INT, INT, POINTER, INT, POINTER, POINTER, INT, POINTER, INT));
  private final MethodHandle trsm = handle("cblas_dtrsm",
      FunctionDescriptor.ofVoid(INT, INT, INT, INT, INT, INT, INT, ValueLayout.JAVA_DOUBLE, POINTER, INT, POINTER, INT));

  private static MethodHandle handle(String name, FunctionDescriptor signature) {
    return Linker.nativeLinker().downcallHandle(OpenBlas.load().symbols().findOrThrow(name), signature);
  }

  private static MemorySegment copy(Arena arena, double[] a, int count) {
    MemorySegment s = arena.allocate(ValueLayout.JAVA_DOUBLE, Math.max(1, count));
    MemorySegment.copy(a, 0, s, ValueLayout.JAVA_DOUBLE, 0, count);
    return s;
  }

  private static void back(MemorySegment s, double[] a, int count) {
    MemorySegment.copy(s, ValueLayout.JAVA_DOUBLE, 0, a, 0, count);
  }

  @Override
  public int cholesky(double[] a, int n) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment m = copy(arena, a, n * n);
      int info = (Integer) Native.call(() -> (int) potrf.invokeExact(ROW_MAJOR, (byte) 'L', n, m, n));
      back(m, a, n * n);
      return info;
    }
  }

  @Override
  public int lu(double[] a, int m, int n, int[] pivots) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = copy(arena, a, m * n);
      MemorySegment p = arena.allocate(ValueLayout.JAVA_INT, Math.max(1, pivots.length));
      int info = (Integer) Native.call(() -> (int) getrf.invokeExact(ROW_MAJOR, m, n, x, n, p));
      back(x, a, m * n);
      for (int i = 0; i < pivots.length; i++) {
        pivots[i] = p.getAtIndex(ValueLayout.JAVA_INT, i) - 1;
      }
      return info;
    }
  }

  @Override
  public void solve(boolean upper, boolean unit, boolean transposed, double[] a, int n, double[] b, int k) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment m = copy(arena, a, n * n);
      MemorySegment x = copy(arena, b, n * k);
      Native.call(() -> {
        trsm.invokeExact(ROW_MAJOR, LEFT, upper ? UPPER : LOWER, transposed ? TRANSPOSED : PLAIN, unit ? UNIT : NON_UNIT, n, k, 1.0, m,
            n, x, k);
        return null;
      });
      back(x, b, n * k);
    }
  }

  @Override
  public void qr(double[] a, int m, int n, double[] q, int k, double[] r) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = copy(arena, a, m * n);
      MemorySegment tau = arena.allocate(ValueLayout.JAVA_DOUBLE, Math.max(1, n));
      int bad = (Integer) Native.call(() -> (int) geqrf.invokeExact(ROW_MAJOR, m, n, x, Math.max(1, n), tau));
      back(x, a, m * n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          r[i * n + j] = j < i ? 0 : a[i * n + j];
        }
      }
      for (int i = 0; i < m; i++) {
        System.arraycopy(a, i * n, q, i * k, n);
      }
      MemorySegment left = copy(arena, q, m * k);
      int worse = bad != 0 ? bad : (Integer) Native.call(() -> (int) orgqr.invokeExact(ROW_MAJOR, m, k, n, left, k, tau));
      back(left, q, m * k);
      if (worse != 0) {
        Arrays.fill(q, 0, m * k, Double.NaN);
        Arrays.fill(r, 0, n * n, Double.NaN);
      }
    }
  }

  @Override
  public boolean eigh(boolean upper, double[] a, int n, double[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = copy(arena, a, n * n);
      MemorySegment w = arena.allocate(ValueLayout.JAVA_DOUBLE, Math.max(1, n));
      byte triangle = (byte) (upper ? 'U' : 'L');
      int info = (Integer) Native.call(() -> (int) syevd.invokeExact(ROW_MAJOR, (byte) 'V', triangle, n, x, n, w));
      back(x, a, n * n);
      back(w, values, n);
      return info == 0 && finite(values, n);
    }
  }

  private static boolean finite(double[] a, int n) {
    return Arrays.stream(a, 0, n).allMatch(Double::isFinite);
  }

  @Override
  public boolean svd(double[] a, int m, int n, boolean full, double[] u, double[] s, double[] vt) {
    int r = Math.min(m, n);
    int c = full ? m : r;
    int d = full ? n : r;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = copy(arena, a, m * n);
      MemorySegment left = copy(arena, u, m * c);
      MemorySegment values = copy(arena, s, r);
      MemorySegment right = copy(arena, vt, d * n);
      byte job = (byte) (full ? 'A' : 'S');
      int info = (Integer) Native.call(
          () -> (int) gesdd.invokeExact(ROW_MAJOR, job, m, n, x, Math.max(1, n), values, left, Math.max(1, c), right, Math.max(1, n)));
      back(left, u, m * c);
      back(values, s, r);
      back(right, vt, d * n);
      return info == 0 && finite(s, r);
    }
  }
}
