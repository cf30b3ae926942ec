package org.cotangent.cpu.lapack;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Jacobi's rotations of a symmetric matrix until it is diagonal (Golub and Van Loan 2013, section 8.5). Signs are not LAPACK's. */
final class JavaEigen {
  private static final int SWEEPS = 60;
  /** Elements this small beside the largest count as 0. */
  private static final double SMALL = 0x1p-60;

  private JavaEigen() {}

  static boolean symmetric(boolean upper, double[] a, int n, double[] values) {
    double[] x = new double[n * n];
    double[] v = new double[n * n];
    for (int i = 0; i < n; i++) {
      v[i * n + i] = 1;
      for (int j = 0; j <= i; j++) {
        x[i * n + j] = upper ? a[j * n + i] : a[i * n + j];
        x[j * n + i] = x[i * n + j];
      }
    }
    if (Arrays.stream(x).anyMatch(e -> !Double.isFinite(e))) {
      return false;
    }
    double limit = SMALL * Arrays.stream(x).map(Math::abs).max().orElse(0);
    boolean done = false;
    for (int sweep = 0; sweep < SWEEPS && !done; sweep++) {
      done = !sweep(x, v, n, limit);
    }
    int[] order = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble((Integer i) -> x[i * n + i]))
        .mapToInt(Integer::intValue).toArray();
    for (int j = 0; j < n; j++) {
      values[j] = x[order[j] * n + order[j]];
      for (int i = 0; i < n; i++) {
        a[i * n + j] = v[order[j] * n + i];
      }
    }
    return done;
  }

  /** Makes each element beside the diagonal 0 once; whether one was not. The rows of v are turned along. */
  private static boolean sweep(double[] x, double[] v, int n, double limit) {
    boolean any = false;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double c = x[i * n + j];
        if (Math.abs(c) <= limit) {
          continue;
        }
        any = true;
        double z = (x[j * n + j] - x[i * n + i]) / (2 * c);
        double t = Math.copySign(1, z) / (Math.abs(z) + Math.hypot(1, z));
        double cos = 1 / Math.hypot(1, t);
        turn(x, i * n, j * n, 1, n, cos, cos * t);
        turn(x, i, j, n, n, cos, cos * t);
        turn(v, i * n, j * n, 1, n, cos, cos * t);
        x[i * n + j] = 0;
        x[j * n + i] = 0;
      }
    }
    return any;
  }

  private static void turn(double[] a, int x, int y, int step, int n, double cos, double sin) {
    for (int k = 0; k < n; k++) {
      double p = a[x + k * step];
      double q = a[y + k * step];
      a[x + k * step] = cos * p - sin * q;
      a[y + k * step] = sin * p + cos * q;
    }
  }
}
