package org.cotangent.cpu.kernel;

import org.cotangent.cpu.Pool;
import org.cotangent.cpu.vector.PairLines;
import org.cotangent.spi.Operand;

/** Copies elements between layouts of equal dims. */
public final class Copy {
  /** Elements that one task moves. */
  static final int GRAIN = 32 * 1024;

  /** Rows of at most this many elements are short. */
  private static final int NARROW = 16;
  private static final int AT_ONCE = 128;

  private Copy() {}

  /** Copies every element of {@code from} to its place in {@code to}. */
  public static void run(Pool pool, Operand from, Operand to) {
    if (Geometry.empty(to.layout())) {
      return;
    }
    Kind kind = Kind.of(from.dtype());
    if (kind != Kind.of(to.dtype())) {
      throw new IllegalArgumentException("copy: " + from.dtype() + " elements do not fit a buffer of " + to.dtype());
    }
    copy(pool, kind, HeapBuffer.data(from), HeapBuffer.data(to), Geometry.of(from, to));
  }

  /** Copies between arrays; operand 0 of the geometry is the source. */
  static void copy(Pool pool, Kind kind, Object x, Object y, Geometry g) {
    if (Transpose.fits(g)) {
      Transpose.run(pool, kind, x, y, g);
      return;
    }
    if (g.dims().length == 1) {
      line(pool, kind, x, y, g);
      return;
    }
    boolean narrow = g.inner() <= NARROW && g.step(1) == 1 && g.strides()[1][g.dims().length - 2] == g.inner()
        && (kind == Kind.FLOAT || kind == Kind.DOUBLE);
    long rows = g.rows();
    int pieces = (int) Math.min(rows, Pool.pieces(g.size(), GRAIN));
    pool.forEach(pieces, p -> {
      long from = rows * p / pieces;
      long to = rows * (p + 1) / pieces;
      if (narrow) {
        narrow(kind, x, y, g, from, to);
      } else {
        rows(kind, x, y, g, from, to);
      }
    });
  }

  private static void rows(Kind kind, Object x, Object y, Geometry g, long from, long to) {
    Cursor c = g.cursor(from);
    for (long r = from; r < to; r++) {
      Rows.copy(kind, x, c.at[0], g.step(0), y, c.at[1], g.step(1), g.inner());
      c.next();
    }
  }

  /** Short rows of a dense destination, many at a time. */
  private static void narrow(Kind kind, Object x, Object y, Geometry g, long from, long to) {
    int n = g.inner();
    int last = g.dims().length - 2;
    int down = g.strides()[0][last];
    Cursor c = g.cursor(from);
    boolean vectors = kind == Kind.FLOAT && g.step(0) == 1 && n <= PairTier.LONGEST && PairTier.COPY.serves((to - from) * n);
    for (long r = from; r < to; ) {
      int m = (int) Math.min(Math.min(to - r, AT_ONCE), g.dims()[last] - c.index(last));
      if (vectors) {
        PairLines.copyRows((float[]) x, c.at[0], down, (float[]) y, c.at[1], n, m, n);
      } else if (kind == Kind.FLOAT) {
        Rows.gather((float[]) x, c.at[0], down, g.step(0), m, n, (float[]) y, c.at[1]);
      } else {
        Rows.gather((double[]) x, c.at[0], down, g.step(0), m, n, (double[]) y, c.at[1]);
      }
      c.advance(m);
      r += m;
    }
  }

  private static void line(Pool pool, Kind kind, Object x, Object y, Geometry g) {
    int xo = g.offsets()[0];
    int yo = g.offsets()[1];
    int xs = g.step(0);
    int ys = g.step(1);
    int n = g.inner();
    if (n < 2 * GRAIN) {
      Rows.copy(kind, x, xo, xs, y, yo, ys, n);
    } else {
      pool.forRanges(n, GRAIN,
          (from, to) -> Rows.copy(kind, x, xo + (int) from * xs, xs, y, yo + (int) from * ys, ys, (int) (to - from)));
    }
  }
}
