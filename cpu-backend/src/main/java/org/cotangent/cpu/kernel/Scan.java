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
    boolean across = inner >= 8 && Math.abs(others.step(0)) < Math.abs(xs);
    int width = across ? Fold.WIDTH : 1;
    int blocks = (inner + width - 1) / width;
    long tasks = rows * blocks;
    int pieces = (int) Math.min(tasks, Pool.pieces(rows * inner * n, GRAIN));
    pool.forEach(pieces, p -> {
      var room = new Room(across ? Math.min(width, inner) : Math.min(n, Fold.WIDTH));
      Cursor c = others.cursor(tasks * p / pieces / blocks);
      for (long t = tasks * p / pieces; t < tasks * (p + 1) / pieces; t++) {
        int column = (int) (t % blocks) * width;
        int w = Math.min(width, inner - column);
        int xo = c.at[0] + column * others.step(0);
        int yo = c.at[1] + column * others.step(1);
        if (across) {
          across(room, xo, yo, w);
        } else {
          along(room, xo, yo);
        }
        if (column + w == inner) {
          c.next();
        }
      }
    });
  }

  /** The blocks of one task. */
  private final class Room {
    final int size;
    final double[] real;
    final double[] realTotal;
    final long[] whole;
    final long[] wholeTotal;

    Room(int size) {
      this.size = size;
      real = type.floating() ? new double[size] : null;
      realTotal = type.floating() ? new double[size] : null;
      whole = type.floating() ? null : new long[size];
      wholeTotal = type.floating() ? null : new long[size];
    }
  }

  /** Scans w neighbouring lines together. */
  private void across(Room room, int xo, int yo, int w) {
    for (int i = 0; i < n; i++) {
      if (type.floating()) {
        Rows.load(type, x, xo + i * xs, others.step(0), i == 0 ? room.realTotal : room.real, w);
        if (i > 0) {
          join(room.realTotal, room.real, w);
        }
        Rows.store(outType, room.realTotal, 0, y, yo + i * ys, others.step(1), w);
      } else {
        Rows.load(type, x, xo + i * xs, others.step(0), i == 0 ? room.wholeTotal : room.whole, 0, w);
        if (i > 0) {
          join(room.wholeTotal, room.whole, w);
        }
        Rows.store(outType, room.wholeTotal, 0, y, yo + i * ys, others.step(1), w);
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
  private void along(Room room, int xo, int yo) {
    double real = kind == Reduction.SUM ? -0.0 : 1;
    long whole = kind == Reduction.SUM ? 0 : 1;
    for (int i = 0; i < n; i += room.size) {
      int m = Math.min(room.size, n - i);
      boolean fresh = i == 0 && kind.needsElements();
      if (type.floating()) {
        Rows.load(type, x, xo + i * xs, xs, room.real, m);
        real = running(room.real, m, fresh ? room.real[0] : real);
        Rows.store(outType, room.real, 0, y, yo + i * ys, ys, m);
      } else {
        Rows.load(type, x, xo + i * xs, xs, room.whole, 0, m);
        whole = running(room.whole, m, fresh ? room.whole[0] : whole);
        Rows.store(outType, room.whole, 0, y, yo + i * ys, ys, m);
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
