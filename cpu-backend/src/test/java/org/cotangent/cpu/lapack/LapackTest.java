package org.cotangent.cpu.lapack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.cotangent.cpu.gemm.OpenBlas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LapackTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-10);
  private final Lapack java = new JavaLapack();

  private static Lapack blas() {
    assumeThat(OpenBlas.load().unavailable()).isEmpty();
    return new NativeLapack();
  }

  private static double[] numbers(long seed, int n) {
    return new Random(seed).doubles(n, -1, 1).toArray();
  }

  private static double[] product(double[] a, double[] b, int m, int k, int n) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < k; l++) {
          c[i * n + j] += a[i * k + l] * b[l * n + j];
        }
      }
    }
    return c;
  }

  @Test
  void bothFactorAlike() {
    Lapack blas = blas();
    for (int n : new int[] {1, 2, 5, 17}) {
      double[] a = numbers(n, n * n);
      double[] b = a.clone();
      int[] p = new int[n];
      int[] q = new int[n];
      assertThat(java.lu(a, n, n, p)).isEqualTo(blas.lu(b, n, n, q));
      assertThat(p).containsExactly(q);
      assertThat(a).containsExactly(b, CLOSE);
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "6, 3", "3, 6", "5, 1", "1, 5"})
  void bothFactorRectanglesAlike(int m, int n) {
    Lapack blas = blas();
    double[] a = numbers(m, m * n);
    double[] b = a.clone();
    int[] p = new int[Math.min(m, n)];
    int[] q = p.clone();
    assertThat(java.lu(a, m, n, p)).isEqualTo(blas.lu(b, m, n, q)).isZero();
    assertThat(p).containsExactly(q);
    assertThat(a).containsExactly(b, CLOSE);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "4, 4, 4", "6, 3, 3", "6, 3, 6", "70, 40, 40"})
  void bothMakeTheSameBasis(int m, int n, int k) {
    double[] a = numbers(m + n, m * n);
    double[][] q = new double[2][m * k];
    double[][] r = new double[2][n * n];
    java.qr(a.clone(), m, n, q[0], k, r[0]);
    blas().qr(a.clone(), m, n, q[1], k, r[1]);
    assertThat(q[0]).containsExactly(q[1], CLOSE);
    assertThat(r[0]).containsExactly(r[1], CLOSE);
    assertThat(product(q[1], padded(r[1], n, k), m, k, n)).containsExactly(a, CLOSE);
    a[0] = Double.NaN;
    blas().qr(a, m, n, q[1], k, r[1]);
    assertThat(r[1][0]).isNaN();
  }

  /** r [n, n] with rows of zeros up to k. */
  private static double[] padded(double[] r, int n, int k) {
    return Arrays.copyOf(r, k * n);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, false", "7, true", "7, false", "40, false"})
  void bothFindTheSameEigenvalues(int n, boolean upper) {
    double[] a = numbers(n, n * n);
    double[] symmetric = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      int t = i % n * n + i / n;
      symmetric[i] = i / n < i % n == upper ? a[i] : a[t];
    }
    double[][] values = new double[2][n];
    for (int which = 0; which < 2; which++) {
      double[] v = a.clone();
      assertThat((which == 0 ? java : blas()).eigh(upper, v, n, values[which])).isTrue();
      double[] scaled = new double[n * n];
      double[] vt = new double[n * n];
      for (int i = 0; i < n * n; i++) {
        scaled[i] = v[i] * values[which][i % n];
        vt[i % n * n + i / n] = v[i];
      }
      assertThat(product(scaled, vt, n, n, n)).containsExactly(symmetric, CLOSE);
    }
    assertThat(values[0]).containsExactly(values[1], CLOSE).isSorted();
    a[0] = Double.NaN;
    assertThat(java.eigh(upper, a.clone(), n, values[0])).isFalse();
    assertThat(blas().eigh(upper, a.clone(), n, values[0])).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"4, 2", "2, 4", "3, 3", "5, 1"})
  void vectorsAreCompletedToBases(int m, int n) {
    double[] a = numbers(m * n, m * n);
    double[] eye = new double[m * m];
    for (int i = 0; i < m; i++) {
      eye[i * m + i] = 1;
    }
    for (Lapack lapack : new Lapack[] {java, blas()}) {
      double[] u = new double[m * m];
      double[] s = new double[Math.min(m, n)];
      double[] vt = new double[n * n];
      assertThat(lapack.svd(a.clone(), m, n, true, u, s, vt)).isTrue();
      double[] ut = new double[m * m];
      for (int i = 0; i < m * m; i++) {
        ut[i % m * m + i / m] = u[i];
      }
      assertThat(product(u, ut, m, m, m)).containsExactly(eye, CLOSE);
      double[] sigma = new double[m * n];
      for (int i = 0; i < s.length; i++) {
        sigma[i * n + i] = s[i];
      }
      assertThat(product(product(u, sigma, m, m, n), vt, m, n, n)).containsExactly(a, CLOSE);
    }
  }

  @Test
  void bothNameTheSamePivot() {
    Lapack blas = blas();
    double[] a = {1, 2, 2, 1};
    assertThat(java.cholesky(a.clone(), 2)).isEqualTo(blas.cholesky(a.clone(), 2)).isEqualTo(2);
    double[] s = {1, 2, 2, 4};
    assertThat(java.lu(s.clone(), 2, 2, new int[2])).isEqualTo(blas.lu(s.clone(), 2, 2, new int[2])).isEqualTo(2);
    double[] z = {4, 2, 2, 5};
    double[] y = z.clone();
    assertThat(java.cholesky(z, 2)).isEqualTo(blas.cholesky(y, 2)).isZero();
    assertThat(new double[] {z[0], z[2], z[3]}).containsExactly(new double[] {y[0], y[2], y[3]}, CLOSE);
  }

  @Test
  void bothSolveAlike() {
    Lapack blas = blas();
    double[] a = numbers(3, 16);
    for (int flags = 0; flags < 8; flags++) {
      double[] x = numbers(4, 12);
      double[] y = x.clone();
      java.solve((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, a, 4, x, 3);
      blas.solve((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, a, 4, y, 3);
      double scale = 1 + Arrays.stream(y).map(Math::abs).max().orElse(0);
      assertThat(x).as("flags " + flags).containsExactly(y, Offset.offset(1e-12 * scale * scale));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 3, 3", "6, 4, 4", "4, 6, 4", "5, 5, 2", "7, 3, 1"})
  void singularValues(int m, int n, int rank) {
    double[] a = product(numbers(m, m * rank), numbers(n + 9, rank * n), m, rank, n);
    int r = Math.min(m, n);
    Lapack blas = blas();
    double[][] values = new double[2][r];
    for (int which = 0; which < 2; which++) {
      double[] u = new double[m * r];
      double[] s = values[which];
      double[] vt = new double[r * n];
      assertThat((which == 0 ? java : blas).svd(a.clone(), m, n, false, u, s, vt)).isTrue();
      double[] us = u.clone();
      for (int k = 0; k < us.length; k++) {
        us[k] *= s[k % r];
      }
      assertThat(product(us, vt, m, r, n)).containsExactly(a, CLOSE);
      double[] ut = new double[u.length];
      for (int k = 0; k < u.length; k++) {
        ut[k % r * m + k / r] = u[k];
      }
      double[] eye = new double[r * r];
      for (int k = 0; k < r; k++) {
        eye[k * r + k] = 1;
      }
      assertThat(product(ut, u, r, m, r)).containsExactly(eye, CLOSE);
    }
    assertThat(values[0]).containsExactly(values[1], CLOSE);
    assertThat(java.svd(new double[] {Double.NaN}, 1, 1, false, new double[1], new double[1], new double[1])).isFalse();
  }
}
