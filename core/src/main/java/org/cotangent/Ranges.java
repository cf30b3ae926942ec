package org.cotangent;

import java.util.function.IntToDoubleFunction;
import org.cotangent.errors.ArgumentException;

/** Tensors whose elements follow from their positions. */
final class Ranges {
  private Ranges() {}

  /** Ends and step lose their fractions for integers; the count does for int64 alone, as in PyTorch. */
  static Tensor arange(double start, double stop, double step, DType t) {
    double first = ending(start, t);
    double by = ending(step, t);
    if (by == 0 || !Double.isFinite(start) || !Double.isFinite(stop) || !Double.isFinite(step)) {
      throw new ArgumentException("arange: from " + start + " to " + stop + " by " + step + " is no finite range of " + t);
    }
    double count = t == DType.INT64 ? (ending(stop, t) - first) / by : (stop - start) / step;
    if (count < 0) {
      throw leadsAway(start, stop, step);
    }
    return of((int) Math.min(Integer.MAX_VALUE, Math.ceil(count)), t, i -> first + i * by);
  }

  static ArgumentException leadsAway(Number start, Number stop, Number step) {
    return new ArgumentException("arange: steps of " + step + " do not lead from " + start + " to " + stop);
  }

  static Tensor linspace(double start, double stop, int n, DType t) {
    return of(count("linspace", n), t, spaced(ending(start, t), ending(stop, t), n));
  }

  static Tensor logspace(double start, double stop, int n, double base, DType t) {
    IntToDoubleFunction exponent = spaced(ending(start, t), ending(stop, t), n);
    return of(count("logspace", n), t, i -> Math.pow(base, exponent.applyAsDouble(i)));
  }

  /** The end of a range in the type of its elements: without its fraction for integers. */
  private static double ending(double v, DType t) {
    return t.floating() ? v : (long) v;
  }

  private static int count(String op, int n) {
    if (n < 0) {
      throw new ArgumentException(op + ": " + n + " numbers");
    }
    return n;
  }

  /** Counted from the nearer end, so that both are exact. */
  private static IntToDoubleFunction spaced(double start, double stop, int n) {
    double step = n > 1 ? (stop - start) / (n - 1) : 0;
    return i -> n == 1 || i < n / 2 ? start + i * step : stop - (n - 1 - i) * step;
  }

  private static Tensor of(int n, DType t, IntToDoubleFunction f) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = f.applyAsDouble(i);
    }
    return Tensor.of(v).to(t);
  }

  static Tensor eye(int n, int m, DType t) {
    if (n < 0 || m < 0) {
      throw new ArgumentException("eye: a size is negative: [" + n + ", " + m + "]");
    }
    return Factory.eye(n, m).to(t);
  }

  /** Rows and columns of the elements of [n, m] on one side of a diagonal. */
  static Tensor triangle(int n, int m, int offset, boolean lower) {
    if (n < 0 || m < 0) {
      throw new ArgumentException((lower ? "trilIndices" : "triuIndices") + ": a size is negative: [" + n + ", " + m + "]");
    }
    Tensor x = Tensor.full(Shape.of(n, m), 1, DType.INT32, Device.CPU);
    return (lower ? x.tril(offset) : x.triu(offset)).nonzero().t().copy();
  }
}
