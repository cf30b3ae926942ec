package org.cotangent.cpu.kernel;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.cpu.kernel.Loops.DoubleLine;
import org.cotangent.cpu.kernel.Loops.FloatLine;
import org.cotangent.cpu.vector.PairLines;
import org.cotangent.spi.Operand;

/** The extreme along an axis and where it first stands; a NaN is more extreme than any number, and of several the last if so asked. */
public final class ArgReduce {
  private static final int GRAIN = 16 * 1024;
  /** Lines that lie side by side are searched together, at most so many. */
  private static final int WIDTH = 512;
  /** Lines without gaps of this many elements are searched by chunks. */
  private static final int LONG = 64;
  private static final int CHUNK = 256;
  /** Lines of at most this many floats or doubles are searched by {@link ShortLines}. */
  private static final int FEW = 16;

  private final boolean largest;
  private final boolean lastNan;
  private final DType type;
  private final Object x;
  private final Object v;
  private final long[] at;
  private final int n;
  private final int step;
  private final Geometry g;

  private ArgReduce(boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices) {
    this.largest = largest;
    type = in.dtype();
    this.lastNan = lastNan && type.floating();
    x = HeapBuffer.data(in);
    v = HeapBuffer.data(values);
    at = (long[]) HeapBuffer.data(indices);
    n = in.layout().dims()[axis];
    step = in.layout().strides()[axis];
    g = Geometry.of(Axes.without(in.layout(), axis), values.layout(), indices.layout());
  }

  /** Largest or smallest along {@code axis} and its index, both without the axis. */
  public static void run(Pool pool, boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices) {
    if (!Geometry.empty(values.layout())) {
      new ArgReduce(largest, lastNan, in, axis, values, indices).run(pool);
    }
  }

  private void run(Pool pool) {
    int inner = g.inner();
    boolean across = inner >= 8 && Math.abs(g.step(0)) < Math.abs(step);
    boolean few = n <= FEW && (type == DType.FLOAT32 || type == DType.FLOAT64);
    int width = few || across ? WIDTH : 1;
    int blocks = (inner + width - 1) / width;
    long tasks = g.rows() * blocks;
    int pieces = (int) Math.min(tasks, Pool.pieces(g.size() * n, GRAIN));
    if (pairs()) {
      pool.forEach(pieces, p -> pairs(tasks * p / pieces, tasks * (p + 1) / pieces, blocks));
      return;
    }
    pool.forEach(pieces, p -> {
      int[] best = new int[width];
      Cursor c = g.cursor(tasks * p / pieces / blocks);
      for (long t = tasks * p / pieces; t < tasks * (p + 1) / pieces; t++) {
        int column = (int) (t % blocks) * width;
        int w = Math.min(width, inner - column);
        int xo = c.at[0] + column * g.step(0);
        if (few) {
          ShortLines.search(largest, type, x, xo, g.step(0), step, n, best, w);
        } else if (across) {
          across(xo, w, best);
        } else {
          best[0] = find(type, x, xo, step, n, largest);
        }
        int vo = c.at[1] + column * g.step(1);
        ShortLines.pick(Kind.of(type), x, xo, g.step(0), step, best, v, vo, g.step(1), w);
        for (int j = 0, io = c.at[2] + column * g.step(2); j < w; j++, io += g.step(2)) {
          at[io] = best[j];
        }
        lastNans(c, column, w);
        if (column + w == inner) {
          c.next();
        }
      }
    });
  }

  /** Moves the places of w results that are NaN to the last NaN of their lines. */
  private void lastNans(Cursor c, int column, int w) {
    if (!lastNan) {
      return;
    }
    int xo = c.at[0] + column * g.step(0) + (n - 1) * step;
    int vo = c.at[1] + column * g.step(1);
    int io = c.at[2] + column * g.step(2);
    for (int j = 0; j < w; j++) {
      if (nan(type, v, vo + j * g.step(1))) {
        int i = n - 1;
        for (int p = xo + j * g.step(0); !nan(type, x, p); p -= step) {
          i--;
        }
        at[io + j * g.step(2)] = i;
      }
    }
  }

  private static boolean nan(DType type, Object x, int i) {
    return switch (type) {
      case FLOAT32 -> Float.isNaN(((float[]) x)[i]);
      case FLOAT64 -> Double.isNaN(((double[]) x)[i]);
      case FLOAT16 -> (((short[]) x)[i] & 0x7fff) > 0x7c00;
      default -> (((short[]) x)[i] & 0x7fff) > 0x7f80;
    };
  }

  /** Whether all lines have two floats and lie as {@link PairLines} takes them. */
  private boolean pairs() {
    if (n != 2 || type != DType.FLOAT32 || g.step(1) != 1 || g.step(2) != 1) {
      return false;
    }
    return g.step(0) == 1 ? PairTier.SEARCH.serves(g.size()) : g.step(0) == 2 && step == 1 && PairTier.SEARCH_NEIGHBOURS.serves(g.size());
  }

  private void pairs(long from, long to, int blocks) {
    Cursor c = g.cursor(from / blocks);
    for (long t = from; t < to; t++) {
      int column = (int) (t % blocks) * WIDTH;
      int w = Math.min(WIDTH, g.inner() - column);
      int xo = c.at[0] + column * g.step(0);
      if (g.step(0) == 1) {
        PairLines.search(largest, (float[]) x, xo, step, (float[]) v, c.at[1] + column, at, c.at[2] + column, w);
      } else {
        PairLines.searchNeighbours(largest, (float[]) x, xo, (float[]) v, c.at[1] + column, at, c.at[2] + column, w);
      }
      lastNans(c, column, w);
      if (column + w == g.inner()) {
        c.next();
      }
    }
  }

  private void across(int xo, int w, int[] best) {
    Arrays.fill(best, 0, w, 0);
    if (type.floating()) {
      double[] top = new double[w];
      double[] row = new double[w];
      Rows.load(type, x, xo, g.step(0), top, w);
      for (int i = 1; i < n; i++) {
        Rows.load(type, x, xo + i * step, g.step(0), row, w);
        join(top, row, w, i, best, largest);
      }
    } else {
      long[] top = new long[w];
      long[] row = new long[w];
      Rows.load(type, x, xo, g.step(0), top, 0, w);
      for (int i = 1; i < n; i++) {
        Rows.load(type, x, xo + i * step, g.step(0), row, 0, w);
        join(top, row, w, i, best, largest);
      }
    }
  }

  private static void join(double[] top, double[] row, int w, int i, int[] best, boolean largest) {
    for (int j = 0; j < w; j++) {
      double a = top[j];
      double b = row[j];
      if (a == a && !(largest ? b <= a : b >= a)) {
        top[j] = b;
        best[j] = i;
      }
    }
  }

  private static void join(long[] top, long[] row, int w, int i, int[] best, boolean largest) {
    for (int j = 0; j < w; j++) {
      if (largest ? row[j] > top[j] : row[j] < top[j]) {
        top[j] = row[j];
        best[j] = i;
      }
    }
  }

  private static int find(DType type, Object x, int xo, int step, int n, boolean largest) {
    return switch (type) {
      case FLOAT32 -> {
        float[] a = (float[]) x;
        yield step == 1 && n >= LONG ? dense(a, xo, n, largest) : largest ? largest(a, xo, step, n) : smallest(a, xo, step, n);
      }
      case FLOAT64 -> {
        double[] a = (double[]) x;
        yield step == 1 && n >= LONG ? dense(a, xo, n, largest) : largest ? largest(a, xo, step, n) : smallest(a, xo, step, n);
      }
      case INT64 -> integers((long[]) x, xo, step, n, largest);
      default -> narrow(type, x, xo, step, n, largest);
    };
  }

  /** Chunks are reduced, which vectors do, and the one with the extreme is searched. */
  private static int dense(float[] x, int xo, int n, boolean largest) {
    FloatLine extreme = largest ? FloatOps.MAX_LINE : FloatOps.MIN_LINE;
    float v = extreme.run(x, xo, Math.min(CHUNK, n));
    int at = 0;
    for (int i = CHUNK; i < n && v == v; i += CHUNK) {
      float w = extreme.run(x, xo + i, Math.min(CHUNK, n - i));
      if (!(largest ? w <= v : w >= v)) {
        v = w;
        at = i;
      }
    }
    return at + first(x, xo + at, v);
  }

  /** Where v stands first. */
  private static int first(float[] x, int xo, float v) {
    int i = 0;
    if (v == v) {
      while (x[xo + i] != v) {
        i++;
      }
    } else {
      while (x[xo + i] == x[xo + i]) {
        i++;
      }
    }
    return i;
  }

  private static int largest(float[] x, int xo, int step, int n) {
    int best = 0;
    float v = x[xo];
    for (int i = 1; i < n && v == v; i++) {
      float w = x[xo + i * step];
      if (!(w <= v)) {
        v = w;
        best = i;
      }
    }
    return best;
  }

  private static int smallest(float[] x, int xo, int step, int n) {
    int best = 0;
    float v = x[xo];
    for (int i = 1; i < n && v == v; i++) {
      float w = x[xo + i * step];
      if (!(w >= v)) {
        v = w;
        best = i;
      }
    }
    return best;
  }

  /** Chunks are reduced, which vectors do, and the one with the extreme is searched. */
  private static int dense(double[] x, int xo, int n, boolean largest) {
    DoubleLine extreme = largest ? DoubleOps.MAX_LINE : DoubleOps.MIN_LINE;
    double v = extreme.run(x, xo, Math.min(CHUNK, n));
    int at = 0;
    for (int i = CHUNK; i < n && v == v; i += CHUNK) {
      double w = extreme.run(x, xo + i, Math.min(CHUNK, n - i));
      if (!(largest ? w <= v : w >= v)) {
        v = w;
        at = i;
      }
    }
    return at + first(x, xo + at, v);
  }

  /** Where v stands first. */
  private static int first(double[] x, int xo, double v) {
    int i = 0;
    if (v == v) {
      while (x[xo + i] != v) {
        i++;
      }
    } else {
      while (x[xo + i] == x[xo + i]) {
        i++;
      }
    }
    return i;
  }

  private static int largest(double[] x, int xo, int step, int n) {
    int best = 0;
    double v = x[xo];
    for (int i = 1; i < n && v == v; i++) {
      double w = x[xo + i * step];
      if (!(w <= v)) {
        v = w;
        best = i;
      }
    }
    return best;
  }

  private static int smallest(double[] x, int xo, int step, int n) {
    int best = 0;
    double v = x[xo];
    for (int i = 1; i < n && v == v; i++) {
      double w = x[xo + i * step];
      if (!(w >= v)) {
        v = w;
        best = i;
      }
    }
    return best;
  }

  private static int integers(long[] x, int xo, int step, int n, boolean largest) {
    int best = 0;
    long v = x[xo];
    for (int i = 1; i < n; i++) {
      long w = x[xo + i * step];
      if (largest ? w > v : w < v) {
        v = w;
        best = i;
      }
    }
    return best;
  }

  private static int narrow(DType type, Object x, int xo, int step, int n, boolean largest) {
    long[] block = new long[Math.min(n, Fold.WIDTH)];
    int best = 0;
    long v = 0;
    for (int i = 0; i < n; i += block.length) {
      int m = Math.min(block.length, n - i);
      Rows.load(type, x, xo + i * step, step, block, 0, m);
      int j = integers(block, 0, 1, m, largest);
      if (i == 0 || (largest ? block[j] > v : block[j] < v)) {
        v = block[j];
        best = i + j;
      }
    }
    return best;
  }
}
