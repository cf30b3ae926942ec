package org.cotangent.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

/** A random batch of products in float64 or float32, its operands inside larger arrays, and the result by three plain loops. */
final class Reference {
  final boolean ta;
  final boolean tb;
  final int m;
  final int n;
  final int k;
  final int batch;
  final double beta;
  final int[] leading = new int[3];
  final int[] offset = new int[3];
  final long[] stride = new long[3];
  final double[] a;
  final double[] b;
  final double[] c;

  Reference(Random random, int m, int n, int k, int batch) {
    this(random, random.nextBoolean(), random.nextBoolean(), m, n, k, batch, new double[] {0, 1, -0.5}[random.nextInt(3)], random.nextBoolean());
  }

  Reference(Random random, boolean ta, boolean tb, int m, int n, int k, int batch, double beta, boolean gaps) {
    this.ta = ta;
    this.tb = tb;
    this.m = m;
    this.n = n;
    this.k = k;
    this.batch = batch;
    this.beta = beta;
    a = matrices(0, ta ? k : m, ta ? m : k, gaps, random);
    b = matrices(1, tb ? n : k, tb ? k : n, gaps, random);
    c = matrices(2, m, n, gaps, random);
  }

  private double[] matrices(int side, int rows, int cols, boolean gaps, Random random) {
    leading[side] = Math.max(1, cols + (gaps ? random.nextInt(4) : 0));
    offset[side] = gaps ? random.nextInt(5) : 0;
    boolean shared = side < 2 && batch > 1 && random.nextInt(4) == 0;
    stride[side] = shared ? 0 : (long) rows * leading[side] + (gaps ? random.nextInt(3) : 0) + (rows * cols == 0 ? 1 : 0);
    var values = new double[(int) (offset[side] + Math.max(0, batch - 1) * stride[side] + (long) rows * leading[side])];
    for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
    return values;
  }

  /** c after the products, every other element of the array as it was. */
  double[] expected() {
    double[] result = c.clone();
    for (int item = 0; item < batch; item++) {
      var columns = new double[n][k];
      for (int j = 0; j < n; j++) for (int l = 0; l < k; l++) columns[j][l] = b[at(1, item, tb ? j : l, tb ? l : j)];
      var row = new double[k];
      for (int i = 0; i < m; i++) {
        for (int l = 0; l < k; l++) row[l] = a[at(0, item, ta ? l : i, ta ? i : l)];
        for (int j = 0; j < n; j++) {
          int at = at(2, item, i, j);
          result[at] = dot(row, columns[j]) + (beta == 0 ? 0 : beta * c[at]);
        }
      }
    }
    return result;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int l = 0; l < x.length; l++) sum += x[l] * y[l];
    return sum;
  }

  private int at(int side, int item, int row, int col) {
    return (int) (offset[side] + item * stride[side] + (long) row * leading[side] + col);
  }

  double[] float64(Gemm gemm) {
    double[] result = c.clone();
    gemm.dgemmBatched(ta, tb, m, n, k, batch, a, offset[0], leading[0], stride[0], b, offset[1], leading[1], stride[1], beta,
        result, offset[2], leading[2], stride[2]);
    return result;
  }

  float[] float32(Gemm gemm) {
    float[] result = floats(c);
    gemm.sgemmBatched(ta, tb, m, n, k, batch, floats(a), offset[0], leading[0], stride[0], floats(b), offset[1], leading[1], stride[1],
        (float) beta, result, offset[2], leading[2], stride[2]);
    return result;
  }

  void check(Gemm gemm, String seed) {
    double[] expected = expected();
    double scale = 4 + Math.sqrt(k);
    check(expected, float64(gemm), 1e-14 * scale * scale, seed + " float64");
    float[] result = float32(gemm);
    var wide = new double[result.length];
    Arrays.setAll(wide, i -> result[i]);
    check(expected, wide, 4e-7 * scale * scale, seed + " float32");
  }

  private void check(double[] expected, double[] actual, double tolerance, String seed) {
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(expected[i] - actual[i]) <= tolerance) continue;
      assertThat(actual[i]).as("%s, %s: element %d", seed, this, i).isEqualTo(expected[i]);
    }
  }

  static float[] floats(double[] values) {
    var result = new float[values.length];
    for (int i = 0; i < values.length; i++) result[i] = (float) values[i];
    return result;
  }

  @Override
  public String toString() {
    return "ta " + ta + ", tb " + tb + ", m " + m + ", n " + n + ", k " + k + ", batch " + batch + ", beta " + beta + ", leading "
        + Arrays.toString(leading) + ", offset " + Arrays.toString(offset) + ", stride " + Arrays.toString(stride);
  }
}
