package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.spi.Reduction;

/**
 * A reduction for one element type: accumulators (doubles for floating types, longs for the others) and the loops that elements enter them by.
 * {@code w} is at most {@link #WIDTH}.
 */
abstract class Fold {
  /** Accumulators side by side in one pass over rows. */
  static final int WIDTH = 512;
  /** Lines of at most this many elements are short. */
  static final int SHORT = 16;
  /** Rows that one pass takes together. */
  static final int ROWS = 8;

  /** The fold of a kind for elements of {@code type}. */
  static Fold of(Reduction kind, DType type) {
    return switch (type) {
      case FLOAT32 -> new FloatFold(kind);
      case FLOAT64 -> new DoubleFold(kind);
      default -> new LongFold(kind, type);
    };
  }

  /** {@code n} accumulators of no elements. */
  abstract Object accumulators(int n);

  /** z[zo], ..., z[zo + m - 1] become the fold of the n elements from x[xo] on; z may be x. */
  void line(Object x, int xo, int n, Object z, int zo, int m) {
    throw new UnsupportedOperationException("rows of floating numbers alone are folded in place");
  }

  /** z[zo + r] becomes the fold of the n elements from x[xo + r * n] on, for r below {@code lines}; z is another array. */
  void lines(Object x, int xo, int n, Object z, int zo, int lines) {
    for (int r = 0; r < lines; r++) {
      line(x, xo + r * n, n, z, zo + r, 1);
    }
  }

  /** acc[j] takes in x[xo + j] for j below w. */
  abstract void row(Object x, int xo, Object acc, int w);

  /** acc[j] takes in x[xo + r * stride + j] for r below {@link #ROWS} and j below w. */
  abstract void rows(Object x, int xo, int stride, Object acc, int w);

  /** acc[at] takes in n elements {@code step} apart. */
  abstract void line(Object x, int xo, int step, int n, Object acc, int at);

  /** acc[r] takes in the n elements from x[xo + r * between] on, for r below {@code lines}. */
  void shortLines(Object x, int xo, int between, int n, Object acc, int lines) {
    for (int r = 0; r < lines; r++) {
      line(x, xo + r * between, 1, n, acc, r);
    }
  }

  /** acc[at + j] takes in other[from + j] for j below n, in order of j. */
  abstract void merge(Object acc, int at, Object other, int from, int n);

  /** Stores n accumulators. */
  abstract void store(Object acc, int at, DType type, Object y, int yo, int step, int n);
}
