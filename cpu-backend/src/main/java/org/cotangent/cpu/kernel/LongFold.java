package org.cotangent.cpu.kernel;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.spi.Reduction;

/** Folds of integers and bools, exact modulo 2^64; storing wraps to the result's width. */
final class LongFold extends Fold {
  private final Reduction kind;
  private final DType type;
  private long[] scratch = {};

  LongFold(Reduction kind, DType type) {
    this.kind = kind;
    this.type = type;
  }

  @Override
  Object accumulators(int n) {
    long[] acc = new long[n];
    long empty = switch (kind) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> Long.MIN_VALUE;
      case MIN -> Long.MAX_VALUE;
    };
    if (empty != 0) {
      Arrays.fill(acc, empty);
    }
    return acc;
  }

  private long[] room(int n) {
    if (scratch.length < n) {
      scratch = new long[n];
    }
    return scratch;
  }

  @Override
  void row(Object x, int xo, Object acc, int w) {
    long[] block = room(w);
    Rows.load(type, x, xo, 1, block, 0, w);
    merge(acc, 0, block, 0, w);
  }

  @Override
  void rows(Object x, int xo, int stride, Object acc, int w) {
    for (int r = 0; r < ROWS; r++) {
      row(x, xo + r * stride, acc, w);
    }
  }

  @Override
  void line(Object x, int xo, int step, int n, Object acc, int at) {
    long[] t = (long[]) acc;
    long[] block = room(Math.min(n, WIDTH));
    for (int i = 0; i < n; i += WIDTH) {
      int m = Math.min(WIDTH, n - i);
      Rows.load(type, x, xo + i * step, step, block, 0, m);
      switch (kind) {
        case SUM -> t[at] += sum(block, m);
        case PROD -> t[at] *= product(block, m);
        case MAX -> t[at] = Math.max(t[at], max(block, m));
        case MIN -> t[at] = Math.min(t[at], min(block, m));
      }
    }
  }

  private static long sum(long[] x, int n) {
    long a = 0;
    for (int i = 0; i < n; i++) {
      a += x[i];
    }
    return a;
  }

  private static long product(long[] x, int n) {
    long a = 1;
    for (int i = 0; i < n; i++) {
      a *= x[i];
    }
    return a;
  }

  private static long max(long[] x, int n) {
    long a = Long.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      a = Math.max(a, x[i]);
    }
    return a;
  }

  private static long min(long[] x, int n) {
    long a = Long.MAX_VALUE;
    for (int i = 0; i < n; i++) {
      a = Math.min(a, x[i]);
    }
    return a;
  }

  @Override
  void merge(Object acc, int at, Object other, int from, int n) {
    long[] a = (long[]) acc;
    long[] b = (long[]) other;
    switch (kind) {
      case SUM -> LongLoops.add(a, at, b, from, a, at, n);
      case PROD -> LongLoops.mul(a, at, b, from, a, at, n);
      case MAX -> LongLoops.max(a, at, b, from, a, at, n);
      case MIN -> LongLoops.min(a, at, b, from, a, at, n);
    }
  }

  @Override
  void store(Object acc, int at, DType to, Object y, int yo, int step, int n) {
    Rows.store(to, (long[]) acc, at, y, yo, step, n);
  }
}
