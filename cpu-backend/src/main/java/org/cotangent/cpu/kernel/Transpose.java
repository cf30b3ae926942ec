package org.cotangent.cpu.kernel;

import org.cotangent.cpu.Pool;

/** Copies where source and destination run along different axes: in square tiles, so that both sides use whole cache lines. */
final class Transpose {
  /** Elements of a tile along the source's rows, and along the destination's. */
  private static final int RUN = 64;
  private static final int TILE = 32;
  /** Below this many elements along either axis plain rows are as fast. */
  private static final int SMALLEST = 8;

  private Transpose() {}

  /** Whether the destination runs along the last axis and the source along another long one. */
  static boolean fits(Geometry g) {
    return g.dims().length >= 2 && g.step(1) == 1 && g.step(0) != 1 && g.step(0) != 0 && g.inner() >= SMALLEST && axis(g) >= 0;
  }

  /** The axis, not the last, along which the source has stride 1; or -1. */
  private static int axis(Geometry g) {
    for (int i = g.dims().length - 2; i >= 0; i--) {
      if (g.strides()[0][i] == 1 && g.dims()[i] >= SMALLEST) {
        return i;
      }
    }
    return -1;
  }

  static void run(Pool pool, Kind kind, Object x, Object y, Geometry g) {
    int axis = axis(g);
    int m = g.dims()[axis];
    int n = g.inner();
    int ys = g.strides()[1][axis];
    int xs = g.step(0);
    Geometry outer = without(g, axis);
    long planes = outer.rows();
    int strips = (m + RUN - 1) / RUN;
    long tasks = planes * strips;
    int pieces = Pool.pieces(g.size(), Copy.GRAIN);
    pool.forEach(pieces, p -> {
      long from = tasks * p / pieces;
      long to = tasks * (p + 1) / pieces;
      Cursor c = outer.cursor(from / strips);
      Object tile = kind.array(TILE * RUN);
      for (long t = from; t < to; t++) {
        int i = (int) (t % strips) * RUN;
        strip(kind, x, c.at[0] + i, xs, y, c.at[1] + i * ys, ys, Math.min(RUN, m - i), n, tile);
        if (t % strips == strips - 1) {
          c.next();
        }
      }
    });
  }

  /** The geometry with the given axis left out; its last axis stays so that {@link Geometry#rows} counts planes. */
  private static Geometry without(Geometry g, int axis) {
    int rank = g.dims().length;
    int[] d = new int[rank - 1];
    int[][] s = new int[2][rank - 1];
    for (int i = 0, j = 0; i < rank; i++) {
      if (i != axis) {
        d[j] = g.dims()[i];
        s[0][j] = g.strides()[0][i];
        s[1][j] = g.strides()[1][i];
        j++;
      }
    }
    return new Geometry(d, s, g.offsets());
  }

  /** y[i * ys + j] = x[i + j * xs] for i below m, at most a tile, and j below n; by way of {@code t}, so that each side is walked along its rows. */
  private static void strip(Kind kind, Object x, int xo, int xs, Object y, int yo, int ys, int m, int n, Object t) {
    for (int j = 0; j < n; j += TILE) {
      int w = Math.min(TILE, n - j);
      for (int i = 0; i < w; i++) {
        System.arraycopy(x, xo + (j + i) * xs, t, i * RUN, m);
      }
      int b = yo + j;
      switch (kind) {
        case FLOAT -> turn((float[]) t, (float[]) y, b, ys, m, w);
        case DOUBLE -> turn((double[]) t, (double[]) y, b, ys, m, w);
        case LONG -> turn((long[]) t, (long[]) y, b, ys, m, w);
        case INT -> turn((int[]) t, (int[]) y, b, ys, m, w);
        case SHORT -> turn((short[]) t, (short[]) y, b, ys, m, w);
        case BYTE -> turn((byte[]) t, (byte[]) y, b, ys, m, w);
      }
    }
  }

  private static void turn(float[] t, float[] y, int yo, int ys, int m, int n) {
    for (int i = 0; i < m; i++) {
      int b = yo + i * ys;
      for (int j = 0; j < n; j++) {
        y[b + j] = t[j * RUN + i];
      }
    }
  }

  private static void turn(double[] t, double[] y, int yo, int ys, int m, int n) {
    for (int i = 0; i < m; i++) {
      int b = yo + i * ys;
      for (int j = 0; j < n; j++) {
        y[b + j] = t[j * RUN + i];
      }
    }
  }

  private static void turn(long[] t, long[] y, int yo, int ys, int m, int n) {
    for (int i = 0; i < m; i++) {
      int b = yo + i * ys;
      for (int j = 0; j < n; j++) {
        y[b + j] = t[j * RUN + i];
      }
    }
  }

  private static void turn(int[] t, int[] y, int yo, int ys, int m, int n) {
    for (int i = 0; i < m; i++) {
      int b = yo + i * ys;
      for (int j = 0; j < n; j++) {
        y[b + j] = t[j * RUN + i];
      }
    }
  }

  private static void turn(short[] t, short[] y, int yo, int ys, int m, int n) {
    for (int i = 0; i < m; i++) {
      int b = yo + i * ys;
      for (int j = 0; j < n; j++) {
        y[b + j] = t[j * RUN + i];
      }
    }
  }

  private static void turn(byte[] t, byte[] y, int yo, int ys, int m, int n) {
    for (int i = 0; i < m; i++) {
      int b = yo + i * ys;
      for (int j = 0; j < n; j++) {
        y[b + j] = t[j * RUN + i];
      }
    }
  }
}
