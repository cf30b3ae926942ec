package org.cotangent.cpu.gemm;

import org.cotangent.cpu.Pool;

/**
 * Matrix products in plain Java, for platforms without OpenBLAS.
 *
 * <p>Eight rows of b at a time are copied to rows of their own and added, scaled, to every row of a block of c: one loop over plain arrays
 * with a common index, which the JIT compiler turns into vector instructions. Each element of c is summed in the order of k.
 */
public final class JavaGemm extends TiledGemm {
  /** Rows and columns of a block of c: it stays in the second-level cache, eight of its rows in the first. */
  private static final int HEIGHT = 128;
  private static final int WIDTH = 256;

  /** With fewer columns than this the longer side of c becomes the inner loop: short loops gain little from vectors. */
  private static final int NARROW = 96;

  /** With fewer rows than this, elements of c are sums along rows of b where b lies so. */
  private static final int THIN = 8;

  private final String reason;

  /** Products on {@code pool}; {@code reason} says in {@link #description} why it is not OpenBLAS. */
  public JavaGemm(Pool pool, String reason) {
    super(pool);
    this.reason = reason;
  }

  @Override
  Grid grid(boolean ta, boolean tb, int m, int n, int k, int batch, int elementBytes) {
    int rows = Grid.even(m, HEIGHT, 8);
    int cols = Grid.even(n, WIDTH, 16);
    return new Grid(rows, cols, k, Grid.slices(m, n, k, rows, cols));
  }

  @Override
  public String description() {
    return "pure Java, " + pool().threads() + (pool().threads() == 1 ? " thread: " : " threads: ") + reason;
  }

  @Override
  void tile(boolean ta, boolean tb, int m, int n, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb,
      float beta, float[] c, int co, int ldc) {
    if (n < NARROW && m > n) FloatBlock.multiply(n, m, k, b, bo, tb ? ldb : 1, tb ? 1 : ldb, a, ao, ta ? lda : 1, ta ? 1 : lda, beta, c, co, 1, ldc);
    else FloatBlock.multiply(m, n, k, a, ao, ta ? 1 : lda, ta ? lda : 1, b, bo, tb ? 1 : ldb, tb ? ldb : 1, beta, c, co, ldc, 1);
  }

  @Override
  void tile(boolean ta, boolean tb, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb,
      double beta, double[] c, int co, int ldc) {
    if (n < NARROW && m > n) DoubleBlock.multiply(n, m, k, b, bo, tb ? ldb : 1, tb ? 1 : ldb, a, ao, ta ? lda : 1, ta ? 1 : lda, beta, c, co, 1, ldc);
    else DoubleBlock.multiply(m, n, k, a, ao, ta ? 1 : lda, ta ? lda : 1, b, bo, tb ? 1 : ldb, tb ? ldb : 1, beta, c, co, ldc, 1);
  }

  /** Float32 arithmetic of a tile; matrices have a step from row to row (down) and from column to column (along). */
  private static final class FloatBlock {
    private FloatBlock() {}

    static void multiply(int m, int n, int k, float[] a, int ao, int aDown, int aAlong, float[] b, int bo, int bDown, int bAlong,
        float beta, float[] c, int co, int cDown, int cAlong) {
      if (m < THIN && bDown == 1 && bAlong != 1) dots(m, n, k, a, ao, aDown, aAlong, b, bo, bAlong, beta, c, co, cDown, cAlong);
      else blocks(m, n, k, a, ao, aDown, aAlong, b, bo, bDown, bAlong, beta, c, co, cDown, cAlong);
    }

    private static void blocks(int m, int n, int k, float[] a, int ao, int aDown, int aAlong, float[] b, int bo, int bDown, int bAlong,
        float beta, float[] c, int co, int cDown, int cAlong) {
      for (int i = 0; i < m; i += HEIGHT) {
        int rows = Math.min(HEIGHT, m - i);
        for (int j = 0; j < n; j += WIDTH) {
          int cols = Math.min(WIDTH, n - j);
          var sums = new float[rows][cols];
          accumulate(cols, k, a, ao + i * aDown, aDown, aAlong, b, bo + j * bAlong, bDown, bAlong, sums);
          for (int r = 0; r < rows; r++) store(cols, sums[r], beta, c, co + (i + r) * cDown + j * cAlong, cAlong);
        }
      }
    }

    private static void accumulate(int n, int k, float[] a, int ao, int aDown, int aAlong, float[] b, int bo, int bDown, int bAlong,
        float[][] sums) {
      var rows = new float[8][n];
      int l = 0;
      for (; l + 8 <= k; l += 8) {
        for (int r = 0; r < 8; r++) copy(n, b, bo + (l + r) * bDown, bAlong, rows[r]);
        for (int i = 0; i < sums.length; i++) add8(n, a, ao + i * aDown + l * aAlong, aAlong, rows, sums[i]);
      }
      for (; l < k; l++) {
        copy(n, b, bo + l * bDown, bAlong, rows[0]);
        for (int i = 0; i < sums.length; i++) add1(n, a[ao + i * aDown + l * aAlong], rows[0], sums[i]);
      }
    }

    private static void copy(int n, float[] from, int offset, int step, float[] to) {
      if (step == 1) System.arraycopy(from, offset, to, 0, n);
      else for (int j = 0; j < n; j++) to[j] = from[offset + j * step];
    }

    private static void add8(int n, float[] a, int ao, int step, float[][] b, float[] sum) {
      add8(n, a[ao], b[0], a[ao + step], b[1], a[ao + 2 * step], b[2], a[ao + 3 * step], b[3],
          a[ao + 4 * step], b[4], a[ao + 5 * step], b[5], a[ao + 6 * step], b[6], a[ao + 7 * step], b[7], sum);
    }

    private static void add8(int n, float x0, float[] y0, float x1, float[] y1, float x2, float[] y2, float x3, float[] y3,
        float x4, float[] y4, float x5, float[] y5, float x6, float[] y6, float x7, float[] y7, float[] sum) {
      for (int j = 0; j < n; j++) {
        sum[j] = sum[j] + x0 * y0[j] + x1 * y1[j] + x2 * y2[j] + x3 * y3[j] + x4 * y4[j] + x5 * y5[j] + x6 * y6[j] + x7 * y7[j];
      }
    }

    private static void add1(int n, float x, float[] y, float[] sum) {
      for (int j = 0; j < n; j++) sum[j] += x * y[j];
    }

    /** The few rows of a, copied, against every column of b, which lies along k. */
    private static void dots(int m, int n, int k, float[] a, int ao, int aDown, int aAlong, float[] b, int bo, int bAlong,
        float beta, float[] c, int co, int cDown, int cAlong) {
      var rows = new float[m][k];
      for (int i = 0; i < m; i++) copy(k, a, ao + i * aDown, aAlong, rows[i]);
      var sums = new float[4];
      for (int j = 0; j < n; j += 4) {
        int cols = Math.min(4, n - j);
        for (int i = 0; i < m; i++) {
          if (cols == 4) dot4(k, rows[i], b, bo + j * bAlong, bAlong, sums);
          else for (int r = 0; r < cols; r++) sums[r] = dot(k, rows[i], b, bo + (j + r) * bAlong);
          store(cols, sums, beta, c, co + i * cDown + j * cAlong, cAlong);
        }
      }
    }

    private static void dot4(int k, float[] x, float[] y, int yo, int step, float[] sums) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int l = 0; l < k; l++) {
        float value = x[l];
        s0 += value * y[yo + l];
        s1 += value * y[yo + step + l];
        s2 += value * y[yo + 2 * step + l];
        s3 += value * y[yo + 3 * step + l];
      }
      sums[0] = s0;
      sums[1] = s1;
      sums[2] = s2;
      sums[3] = s3;
    }

    private static float dot(int k, float[] x, float[] y, int yo) {
      float sum = 0;
      for (int l = 0; l < k; l++) sum += x[l] * y[yo + l];
      return sum;
    }

    private static void store(int n, float[] sum, float beta, float[] c, int co, int step) {
      if (beta == 0 && step == 1) System.arraycopy(sum, 0, c, co, n);
      else if (beta == 0) for (int j = 0; j < n; j++) c[co + j * step] = sum[j];
      else for (int j = 0; j < n; j++) c[co + j * step] = beta * c[co + j * step] + sum[j];
    }
  }

  /** Float64 arithmetic of a tile, as {@link FloatBlock}. */
  private static final class DoubleBlock {
    private DoubleBlock() {}

    static void multiply(int m, int n, int k, double[] a, int ao, int aDown, int aAlong, double[] b, int bo, int bDown, int bAlong,
        double beta, double[] c, int co, int cDown, int cAlong) {
      if (m < THIN && bDown == 1 && bAlong != 1) dots(m, n, k, a, ao, aDown, aAlong, b, bo, bAlong, beta, c, co, cDown, cAlong);
      else blocks(m, n, k, a, ao, aDown, aAlong, b, bo, bDown, bAlong, beta, c, co, cDown, cAlong);
    }

    private static void blocks(int m, int n, int k, double[] a, int ao, int aDown, int aAlong, double[] b, int bo, int bDown, int bAlong,
        double beta, double[] c, int co, int cDown, int cAlong) {
      for (int i = 0; i < m; i += HEIGHT) {
        int rows = Math.min(HEIGHT, m - i);
        for (int j = 0; j < n; j += WIDTH) {
          int cols = Math.min(WIDTH, n - j);
          var sums = new double[rows][cols];
          accumulate(cols, k, a, ao + i * aDown, aDown, aAlong, b, bo + j * bAlong, bDown, bAlong, sums);
          for (int r = 0; r < rows; r++) store(cols, sums[r], beta, c, co + (i + r) * cDown + j * cAlong, cAlong);
        }
      }
    }

    private static void accumulate(int n, int k, double[] a, int ao, int aDown, int aAlong, double[] b, int bo, int bDown, int bAlong,
        double[][] sums) {
      var rows = new double[8][n];
      int l = 0;
      for (; l + 8 <= k; l += 8) {
        for (int r = 0; r < 8; r++) copy(n, b, bo + (l + r) * bDown, bAlong, rows[r]);
        for (int i = 0; i < sums.length; i++) add8(n, a, ao + i * aDown + l * aAlong, aAlong, rows, sums[i]);
      }
      for (; l < k; l++) {
        copy(n, b, bo + l * bDown, bAlong, rows[0]);
        for (int i = 0; i < sums.length; i++) add1(n, a[ao + i * aDown + l * aAlong], rows[0], sums[i]);
      }
    }

    private static void copy(int n, double[] from, int offset, int step, double[] to) {
      if (step == 1) System.arraycopy(from, offset, to, 0, n);
      else for (int j = 0; j < n; j++) to[j] = from[offset + j * step];
    }

    private static void add8(int n, double[] a, int ao, int step, double[][] b, double[] sum) {
      add8(n, a[ao], b[0], a[ao + step], b[1], a[ao + 2 * step], b[2], a[ao + 3 * step], b[3],
          a[ao + 4 * step], b[4], a[ao + 5 * step], b[5], a[ao + 6 * step], b[6], a[ao + 7 * step], b[7], sum);
    }

    private static void add8(int n, double x0, double[] y0, double x1, double[] y1, double x2, double[] y2, double x3, double[] y3,
        double x4, double[] y4, double x5, double[] y5, double x6, double[] y6, double x7, double[] y7, double[] sum) {
      for (int j = 0; j < n; j++) {
        sum[j] = sum[j] + x0 * y0[j] + x1 * y1[j] + x2 * y2[j] + x3 * y3[j] + x4 * y4[j] + x5 * y5[j] + x6 * y6[j] + x7 * y7[j];
      }
    }

    private static void add1(int n, double x, double[] y, double[] sum) {
      for (int j = 0; j < n; j++) sum[j] += x * y[j];
    }

    /** The few rows of a, copied, against every column of b, which lies along k. */
    private static void dots(int m, int n, int k, double[] a, int ao, int aDown, int aAlong, double[] b, int bo, int bAlong,
        double beta, double[] c, int co, int cDown, int cAlong) {
      var rows = new double[m][k];
      for (int i = 0; i < m; i++) copy(k, a, ao + i * aDown, aAlong, rows[i]);
      var sums = new double[4];
      for (int j = 0; j < n; j += 4) {
        int cols = Math.min(4, n - j);
        for (int i = 0; i < m; i++) {
          if (cols == 4) dot4(k, rows[i], b, bo + j * bAlong, bAlong, sums);
          else for (int r = 0; r < cols; r++) sums[r] = dot(k, rows[i], b, bo + (j + r) * bAlong);
          store(cols, sums, beta, c, co + i * cDown + j * cAlong, cAlong);
        }
      }
    }

    private static void dot4(int k, double[] x, double[] y, int yo, int step, double[] sums) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      for (int l = 0; l < k; l++) {
        double value = x[l];
        s0 += value * y[yo + l];
        s1 += value * y[yo + step + l];
        s2 += value * y[yo + 2 * step + l];
        s3 += value * y[yo + 3 * step + l];
      }
      sums[0] = s0;
      sums[1] = s1;
      sums[2] = s2;
      sums[3] = s3;
    }

    private static double dot(int k, double[] x, double[] y, int yo) {
      double sum = 0;
      for (int l = 0; l < k; l++) sum += x[l] * y[yo + l];
      return sum;
    }

    private static void store(int n, double[] sum, double beta, double[] c, int co, int step) {
      if (beta == 0 && step == 1) System.arraycopy(sum, 0, c, co, n);
      else if (beta == 0) for (int j = 0; j < n; j++) c[co + j * step] = sum[j];
      else for (int j = 0; j < n; j++) c[co + j * step] = beta * c[co + j * step] + sum[j];
    }
  }
}
