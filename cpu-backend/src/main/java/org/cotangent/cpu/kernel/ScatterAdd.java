package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.cpu.vector.PairLines;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Adds elements along an axis into the places that an index tensor names. Elements for one place are added in the order they have in the input. */
public final class ScatterAdd {
  private static final int GRAIN = 32 * 1024;

  private ScatterAdd() {}

  /**
   * out[.., index[.., k, ..], ..] += in[.., k, ..].
   *
   * @throws org.cotangent.errors.IndexException if an index is out of range; nothing is written then
   */
  public static void run(Pool pool, String op, Operand in, Operand index, int axis, Operand out) {
    Layout o = out.layout();
    Indexes.check(op, index, axis, o.dims()[axis]);
    if (Geometry.empty(in.layout())) {
      return;
    }
    int split = widest(in.layout().dims(), axis);
    int size = in.layout().dims()[split];
    int pieces = split == axis ? 1 : Math.min(size, Pool.pieces(in.layout().size(), GRAIN));
    boolean pairs = in.layout().dims()[axis] == 1 && o.dims()[axis] == 2;
    Layout still = Axes.restride(new Layout(in.layout().dims(), o.strides(), o.offset()), axis, 0);
    pool.forEach(pieces, p -> {
      int from = (int) ((long) size * p / pieces);
      int to = (int) ((long) size * (p + 1) / pieces);
      Geometry g = Geometry.of(part(in.layout(), split, from, to), part(index.layout(), split, from, to), part(still, split, from, to));
      rows(in.dtype(), HeapBuffer.data(in), (long[]) HeapBuffer.data(index), HeapBuffer.data(out), o.strides()[axis], pairs, g);
    });
  }

  /** The axis to divide among tasks: the longest but the indexed one, so that no place belongs to two tasks. */
  private static int widest(int[] dims, int axis) {
    int best = axis;
    for (int i = 0; i < dims.length; i++) {
      if (i != axis && (best == axis || dims[i] > dims[best])) {
        best = i;
      }
    }
    return best;
  }

  private static Layout part(Layout l, int axis, int from, int to) {
    int[] d = l.dims().clone();
    d[axis] = to - from;
    return new Layout(d, l.strides(), l.offset() + from * l.strides()[axis]);
  }

  private static void rows(DType type, Object x, long[] at, Object y, int stride, boolean pairs, Geometry g) {
    int n = g.inner();
    int is = g.step(1);
    Cursor c = g.cursor(0);
    if (pairs && type == DType.FLOAT32 && is == 1 && g.step(0) == 1 && pairs((float[]) x, at, (float[]) y, stride, g, c)) {
      return;
    }
    for (long r = g.rows(); r > 0; r--) {
      if (is == 0) {
        Accumulate.row(type, x, c.at[0], g.step(0), y, c.at[2] + (int) at[c.at[1]] * stride, g.step(2), n);
      } else {
        row(type, x, c.at[0], g.step(0), at, c.at[1], is, y, c.at[2], g.step(2), stride, n);
      }
      c.next();
    }
  }

  /** Into lines of two, if they lie as {@link PairLines} takes them. */
  private static boolean pairs(float[] x, long[] at, float[] y, int stride, Geometry g, Cursor c) {
    boolean neighbours = stride == 1 && g.step(2) == 2;
    if (!(neighbours ? PairTier.SCATTER_NEIGHBOURS.serves(g.size()) : g.step(2) == 1 && PairTier.SCATTER.serves(g.size()))) {
      return false;
    }
    for (long r = g.rows(); r > 0; r--) {
      if (neighbours) {
        PairLines.scatterNeighbours(x, c.at[0], at, c.at[1], y, c.at[2], g.inner());
      } else {
        PairLines.scatter(x, c.at[0], at, c.at[1], y, c.at[2], stride, g.inner());
      }
      c.next();
    }
    return true;
  }

  private static void row(DType type, Object x, int xo, int xs, long[] at, int io, int is, Object y, int yo, int ys, int stride, int n) {
    switch (type) {
      case FLOAT32 -> row((float[]) x, xo, xs, at, io, is, (float[]) y, yo, ys, stride, n);
      case FLOAT64 -> row((double[]) x, xo, xs, at, io, is, (double[]) y, yo, ys, stride, n);
      default -> {
        for (int i = 0; i < n; i++) {
          Accumulate.row(type, x, xo + i * xs, 0, y, yo + i * ys + (int) at[io + i * is] * stride, 0, 1);
        }
      }
    }
  }

  private static void row(float[] x, int xo, int xs, long[] at, int io, int is, float[] y, int yo, int ys, int stride, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys + (int) at[io + i * is] * stride] += x[xo + i * xs];
    }
  }

  private static void row(double[] x, int xo, int xs, long[] at, int io, int is, double[] y, int yo, int ys, int stride, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys + (int) at[io + i * is] * stride] += x[xo + i * xs];
    }
  }
}
