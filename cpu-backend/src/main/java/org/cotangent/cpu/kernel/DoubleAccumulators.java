package org.cotangent.cpu.kernel;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.spi.Reduction;

/** Accumulators of floating reductions: doubles, for float32 too. */
abstract class DoubleAccumulators extends Fold {
  final Reduction kind;
  /** The accumulator of a single line. */
  final double[] one = new double[1];

  DoubleAccumulators(Reduction kind) {
    this.kind = kind;
  }

  @Override
  Object accumulators(int n) {
    double[] acc = new double[n];
    double empty = empty();
    if (empty != 0) {
      Arrays.fill(acc, empty);
    }
    return acc;
  }

  double empty() {
    return switch (kind) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  double combine(double a, double b) {
    return switch (kind) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  @Override
  void merge(Object acc, int at, Object other, int from, int n) {
    double[] a = (double[]) acc;
    double[] b = (double[]) other;
    switch (kind) {
      case SUM -> DoubleOps.ADD.run(a, at, b, from, a, at, n);
      case PROD -> DoubleOps.MUL.run(a, at, b, from, a, at, n);
      case MAX -> DoubleOps.MAX.run(a, at, b, from, a, at, n);
      case MIN -> DoubleOps.MIN.run(a, at, b, from, a, at, n);
    }
  }

  @Override
  void store(Object acc, int at, DType type, Object y, int yo, int step, int n) {
    Rows.store(type, (double[]) acc, at, y, yo, step, n);
  }
}
