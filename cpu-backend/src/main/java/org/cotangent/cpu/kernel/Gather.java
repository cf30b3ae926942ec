package org.cotangent.cpu.kernel;

import org.cotangent.cpu.Pool;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Takes elements along an axis by an index tensor. */
public final class Gather {
  private static final int GRAIN = 16 * 1024;

  private Gather() {}

  /**
   * out[.., k, ..] = in[.., index[.., k, ..], ..].
   *
   * @throws org.cotangent.errors.IndexException if an index is out of range; nothing is written then
   */
  public static void run(Pool pool, String op, Operand in, Operand index, int axis, Operand out) {
    if (Geometry.empty(out.layout())) {
      return;
    }
    Layout l = in.layout();
    Indexes.check(op, index, axis, l.dims()[axis]);
    Layout o = out.layout();
    int stride = l.strides()[axis];
    Layout still = Axes.restride(new Layout(o.dims(), l.strides(), l.offset()), axis, 0);
    Geometry g = Geometry.of(still, index.layout(), o);
    Kind kind = Kind.of(in.dtype());
    Object x = HeapBuffer.data(in);
    long[] at = (long[]) HeapBuffer.data(index);
    Object y = HeapBuffer.data(out);
    long rows = g.rows();
    int n = g.inner();
    int parts = (n + GRAIN - 1) / GRAIN;
    long tasks = rows * parts;
    int pieces = (int) Math.min(tasks, Pool.pieces(rows * n, GRAIN));
    pool.forEach(pieces, p -> {
      long from = tasks * p / pieces;
      long to = tasks * (p + 1) / pieces;
      Cursor c = g.cursor(from / parts);
      for (long t = from; t < to; t++) {
        int first = (int) ((t % parts) * n / parts);
        int m = (int) ((t % parts + 1) * n / parts) - first;
        int xo = c.at[0] + first * g.step(0);
        int io = c.at[1] + first * g.step(1);
        int yo = c.at[2] + first * g.step(2);
        if (g.step(1) == 0) {
          Rows.copy(kind, x, xo + (int) at[io] * stride, g.step(0), y, yo, g.step(2), m);
        } else {
          row(kind, x, xo, g.step(0), stride, at, io, g.step(1), y, yo, g.step(2), m);
        }
        if (t % parts == parts - 1) {
          c.next();
        }
      }
    });
  }

  private static void row(Kind kind, Object x, int xo, int xs, int stride, long[] at, int io, int is, Object y, int yo, int ys, int n) {
    switch (kind) {
      case FLOAT -> row((float[]) x, xo, xs, stride, at, io, is, (float[]) y, yo, ys, n);
      case DOUBLE -> row((double[]) x, xo, xs, stride, at, io, is, (double[]) y, yo, ys, n);
      case LONG -> row((long[]) x, xo, xs, stride, at, io, is, (long[]) y, yo, ys, n);
      default -> {
        for (int i = 0; i < n; i++) {
          Rows.copy(kind, x, xo + i * xs + (int) at[io + i * is] * stride, 1, y, yo + i * ys, 1, 1);
        }
      }
    }
  }

  private static void row(float[] x, int xo, int xs, int stride, long[] at, int io, int is, float[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs + (int) at[io + i * is] * stride];
    }
  }

  private static void row(double[] x, int xo, int xs, int stride, long[] at, int io, int is, double[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs + (int) at[io + i * is] * stride];
    }
  }

  private static void row(long[] x, int xo, int xs, int stride, long[] at, int io, int is, long[] y, int yo, int ys, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] = x[xo + i * xs + (int) at[io + i * is] * stride];
    }
  }
}
