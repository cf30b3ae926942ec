package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/**
 * Inclusive scans along an axis: running sums, products and extremes.
 *
 * <p>Floating sums and products run in double. An axis is scanned row by row across the other elements, a block of which keeps its running values
 * side by side; where those elements are few, line by line.
 */
public final class Scan {
  private static final int GRAIN = 16 * 1024;

  private final Reduction kind;
  private final DType type;
  private final DType outType;
  private final Object x;
  private final Object y;
  private final Geometry others;
  private final int n;
  private final int xs;
  private final int ys;

  private Scan(Reduction kind, Operand in, int axis, Operand out) {
    this.kind = kind;
    type = in.dtype();
    outType = out.dtype();
    x = HeapBuffer.data(in);
    y = HeapBuffer.data(out);
    others = Geometry.of(Axes.without(in.layout(), axis), Axes.without(out.layout(), axis));
    n = in.layout().dims()[axis];
    xs = in.layout().strides()[axis];
    ys = out.layout().strides()[axis];
  }

  /** Scans {@code axis}, from its end if {@code reverse}. */
  public static void run(Pool pool, Reduction kind, Operand in, int axis, boolean reverse, Operand out) {
    if (Geometry.empty(out.layout())) {
      return;
    }
    Layout a = in.layout();
    Layout b = out.layout();
    new Scan(kind, in.with(reverse ? a.flip(axis) : a), axis, out.with(reverse ? b.flip(axis) : b)).run(pool);
  }

  private void run(Pool pool) {
    int inner = others.inner();
    long rows = others.rows();
    int blocks = (inner + Fold.WIDTH - 1) / Fold.WIDTH;
    boolean across = inner >= 8 && Math.abs(others.step(0)) < Math.abs(xs);
    long tasks = across ? rows * blocks : rows * inner;
    int pieces = (int) Math.min(tasks, Pool.pieces(rows * inner * n, GRAIN));
    pool.forEach(pieces, p -> {
      for (long t = tasks * p / pieces; t < tasks * (p + 1) / pieces; t++) {
        int first = (int) (across ? t % blocks * Fold.WIDTH : t % inner);
        Cursor c = others.cursor(across ? t / blocks : t / inner);
        int xo = c.at[0] + first * others.step(0);
        int yo = c.at[1] + first * others.step(1);
        if (across) {
          across(xo, yo, Math.min(Fold.WIDTH, inner - first));
        } else {
          along(xo, yo);
        }
      }
    });
  }

  /** Scans w neighbouring lines together. */
  private void across(int xo, int yo, int w) {
    if (type.floating()) {
      double[] total = new double[w];
      double[] v = new double[w];
      for (int i = 0; i < n; i++) {
        Rows.load(type, x, xo + i * xs, others.step(0), v, w);
        if (i == 0) {
          System.arraycopy(v, 0, total, 0, w);
        } else {
          join(total, v, w);
        }
        Rows.store(outType, total, 0, y, yo + i * ys, others.step(1), w);
      }
    } else {
      long[] total = new long[w];
      long[] v = new long[w];
      for (int i = 0; i < n; i++) {
        Rows.load(type, x, xo + i * xs, others.step(0), v, 0, w);
        if (i == 0) {
          System.arraycopy(v, 0, total, 0, w);
        } else {
          join(total, v, w);
        }
        Rows.store(outType, total, 0, y, yo + i * ys, others.step(1), w);
      }
    }
  }

  private void join(double[] total, double[] v, int w) {
    switch (kind) {
      case SUM -> DoubleOps.ADD.run(total, 0, v, 0, total, 0, w);
      case PROD -> DoubleOps.MUL.run(total, 0, v, 0, total, 0, w);
      case MAX -> DoubleOps.MAX.run(total, 0, v, 0, total, 0, w);
      case MIN -> DoubleOps.MIN.run(total, 0, v, 0, total, 0, w);
    }
  }

  private void join(long[] total, long[] v, int w) {
    switch (kind) {
      case SUM -> LongLoops.add(total, 0, v, 0, total, 0, w);
      case PROD -> LongLoops.mul(total, 0, v, 0, total, 0, w);
      case MAX -> LongLoops.max(total, 0, v, 0, total, 0, w);
      case MIN -> LongLoops.min(total, 0, v, 0, total, 0, w);
    }
  }

  /** Scans one line, block by block. */
  private void along(int xo, int yo) {
    int size = Math.min(n, Fold.WIDTH);
    if (type.floating()) {
      double[] v = new double[size];
      double last = kind == Reduction.SUM ? -0.0 : 1;
      for (int i = 0; i < n; i += size) {
        int m = Math.min(size, n - i);
        Rows.load(type, x, xo + i * xs, xs, v, m);
        last = running(v, m, i == 0 && kind.needsElements() ? v[0] : last);
        Rows.store(outType, v, 0, y, yo + i * ys, ys, m);
      }
    } else {
      long[] v = new long[size];
      long last = kind == Reduction.SUM ? 0 : 1;
      for (int i = 0; i < n; i += size) {
        int m = Math.min(size, n - i);
        Rows.load(type, x, xo + i * xs, xs, v, 0, m);
        last = running(v, m, i == 0 && kind.needsElements() ? v[0] : last);
        Rows.store(outType, v, 0, y, yo + i * ys, ys, m);
      }
    }
  }

  private double running(double[] v, int m, double t) {
    return switch (kind) {
      case SUM -> sums(v, m, t);
      case PROD -> products(v, m, t);
      case MAX -> maxima(v, m, t);
      case MIN -> minima(v, m, t);
    };
  }

  private static double sums(double[] v, int m, double t) {
    for (int i = 0; i < m; i++) {
      v[i] = t += v[i];
    }
    return t;
  }

  private static double products(double[] v, int m, double t) {
    for (int i = 0; i < m; i++) {
      v[i] = t *= v[i];
    }
    return t;
  }

  private static double maxima(double[] v, int m, double t) {
    for (int i = 0; i < m; i++) {
      v[i] = t = Math.max(t, v[i]);
    }
    return t;
  }

  private static double minima(double[] v, int m, double t) {
    for (int i = 0; i < m; i++) {
      v[i] = t = Math.min(t, v[i]);
    }
    return t;
  }

  private long running(long[] v, int m, long t) {
    for (int i = 0; i < m; i++) {
      t = switch (kind) {
        case SUM -> t + v[i];
        case PROD -> t * v[i];
        case MAX -> Math.max(t, v[i]);
        case MIN -> Math.min(t, v[i]);
      };
      v[i] = t;
    }
    return t;
  }
}
