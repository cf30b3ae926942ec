package org.cotangent.cpu.kernel;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.spi.Reduction;

/**
 * The values of a program's steps while it runs on one block, and the scratch blocks behind them. One a thread, kept in a ThreadLocal between
 * kernels: some ten blocks of 4 or 8 KiB each.
 */
final class Frame {
  private static final ThreadLocal<Frame> OF_THREAD = ThreadLocal.withInitial(Frame::new);

  /** By step: the array that its value is in; which of the four depends on the step's type. */
  float[][] f = new float[16][];
  double[][] d = new double[16][];
  long[][] l = new long[16][];
  byte[][] b = new byte[16][];
  /** By step: where in that array the block begins. */
  int[] at = new int[16];
  /** By step: how far from there it begins for the next row, where several are computed by one call. */
  int[] down = new int[16];

  /** Elements in a row, for the stages that fold rows. */
  int row;

  /** What generated loops leave of their folds. */
  private float[] totals = new float[4 * FloatOps.LANES];
  private float[] rest = new float[16 * FloatOps.LANES];

  /** By number of a sum: rows that wait to be added up. */
  private float[][] waitingFloats = new float[2][];
  private double[][] waitingDoubles = new double[2][];
  /** By number of a sum: its totals. */
  private double[][] sums = new double[2][];

  /** Numbers of rows, spread over these. */
  private final float[][] spread = new float[2][];

  private final Fold[][] folds = new Fold[2][Reduction.values().length];
  private float[][] floats = new float[16][];
  private double[][] doubles = new double[16][];
  private long[][] longs = new long[16][];
  private byte[][] bytes = new byte[16][];

  /** The frame of the calling thread, with room for {@code steps} steps. */
  static Frame current(int steps) {
    Frame s = OF_THREAD.get();
    if (s.at.length < steps) {
      s.grow(Math.max(steps, 2 * s.at.length));
    }
    return s;
  }

  private void grow(int n) {
    f = Arrays.copyOf(f, n);
    d = Arrays.copyOf(d, n);
    l = Arrays.copyOf(l, n);
    b = Arrays.copyOf(b, n);
    at = Arrays.copyOf(at, n);
    down = Arrays.copyOf(down, n);
    floats = Arrays.copyOf(floats, n);
    doubles = Arrays.copyOf(doubles, n);
    longs = Arrays.copyOf(longs, n);
    bytes = Arrays.copyOf(bytes, n);
  }

  /** The fold of a kind for blocks of float or double, kept with the scratch memory it has. */
  Fold fold(Block kind, Reduction r) {
    Fold[] of = folds[kind == Block.F ? 0 : 1];
    if (of[r.ordinal()] == null) {
      of[r.ordinal()] = Fold.of(r, kind == Block.F ? DType.FLOAT32 : DType.FLOAT64);
    }
    return of[r.ordinal()];
  }

  /** Room for a number of folds. */
  float[] totals(int folds) {
    return totals = totals.length < folds * FloatOps.LANES ? new float[folds * FloatOps.LANES] : totals;
  }

  /** Room for the elements of a number of folds that are left over. */
  float[] rest(int folds) {
    return rest = rest.length < 4 * folds * FloatOps.LANES ? new float[4 * folds * FloatOps.LANES] : rest;
  }

  /** A block of n elements, each the number of its row, from position {@code at} of {@code numbers} on; for as long as {@code slot} is not used again. */
  float[] spread(int slot, float[] numbers, int at, int n) {
    float[] to = spread[slot] == null || spread[slot].length < n ? spread[slot] = new float[room(n)] : spread[slot];
    for (int i = 0; i < n; i += row) {
      Arrays.fill(to, i, i + row, numbers[at + i / row]);
    }
    return to;
  }

  /** Room for the rows that wait to be added up in sum {@code j}. */
  Object waiting(Block kind, int j, int n) {
    if (j >= waitingFloats.length) {
      waitingFloats = Arrays.copyOf(waitingFloats, 2 * j);
      waitingDoubles = Arrays.copyOf(waitingDoubles, 2 * j);
    }
    if (kind == Block.F) {
      return waitingFloats[j] = waitingFloats[j] == null || waitingFloats[j].length < n ? new float[n] : waitingFloats[j];
    }
    return waitingDoubles[j] = waitingDoubles[j] == null || waitingDoubles[j].length < n ? new double[n] : waitingDoubles[j];
  }

  /** The totals of sum {@code j}, of no rows. */
  double[] totals(int j, int n) {
    sums = j < sums.length ? sums : Arrays.copyOf(sums, 2 * j);
    sums[j] = sums[j] == null || sums[j].length < n ? new double[n] : sums[j];
    Arrays.fill(sums[j], 0, n, 0);
    return sums[j];
  }

  /** Puts the value of {@code step} into scratch block number {@code register} of its kind, with room for {@code n} elements. */
  void scratch(Block kind, int step, int register, int n) {
    at[step] = 0;
    switch (kind) {
      case F -> put(f, step, floats[register] != null && floats[register].length >= n ? floats[register] : (floats[register] = new float[room(n)]));
      case D -> put(d, step, doubles[register] != null && doubles[register].length >= n ? doubles[register] : (doubles[register] = new double[room(n)]));
      case L -> put(l, step, longs[register] != null && longs[register].length >= n ? longs[register] : (longs[register] = new long[room(n)]));
      case B -> put(b, step, bytes[register] != null && bytes[register].length >= n ? bytes[register] : (bytes[register] = new byte[room(n)]));
    }
  }

  /** A reference written to a frame costs the garbage collector's barrier, ten times a comparison. */
  private static <A> void put(A[] to, int step, A array) {
    if (to[step] != array) {
      to[step] = array;
    }
  }

  private static int room(int n) {
    return Math.max(n, Block.SIZE);
  }

  /** Makes {@code array} what holds the value of {@code step}. */
  void alias(Block kind, int step, Object array) {
    switch (kind) {
      case F -> f[step] = (float[]) array;
      case D -> d[step] = (double[]) array;
      case L -> l[step] = (long[]) array;
      case B -> b[step] = (byte[]) array;
    }
  }

  /** Sets the first n elements of a step to a number. */
  void fill(Block kind, int step, double v, int n) {
    switch (kind) {
      case F -> Arrays.fill(f[step], 0, n, (float) v);
      case D -> Arrays.fill(d[step], 0, n, v);
      case L -> Arrays.fill(l[step], 0, n, (long) v);
      case B -> Arrays.fill(b[step], 0, n, (byte) (v != 0 ? 1 : 0));
    }
  }

  /** Loads n elements, {@code stride} apart, to position {@code to} of a step's scratch block. */
  void load(Block kind, int step, DType type, Object x, int xo, int stride, int to, int n) {
    switch (kind) {
      case F -> Rows.load(type, x, xo, stride, f[step], to, n);
      case D -> Rows.copy((double[]) x, xo, stride, d[step], to, 1, n);
      case L -> Rows.load(type, x, xo, stride, l[step], to, n);
      case B -> Rows.copy((byte[]) x, xo, stride, b[step], to, 1, n);
    }
  }

  /** Loads {@code rows} rows of n elements, {@code down} apart, to position {@code to} of a step's scratch block. */
  void load(Block kind, int step, DType type, Object x, int xo, int down, int stride, int to, int rows, int n) {
    if (type == DType.FLOAT32) {
      Rows.gather((float[]) x, xo, down, stride, rows, n, f[step], to);
    } else if (kind == Block.D) {
      Rows.gather((double[]) x, xo, down, stride, rows, n, d[step], to);
    } else {
      for (int r = 0; r < rows; r++) {
        load(kind, step, type, x, xo + r * down, stride, to + r * n, n);
      }
    }
  }

  /** Stores n elements from position {@code from} of a step's block, {@code stride} apart. */
  void store(Block kind, int step, int from, DType type, Object y, int yo, int stride, int n) {
    int xo = at[step] + from;
    switch (kind) {
      case F -> Rows.store(type, f[step], xo, y, yo, stride, n);
      case D -> Rows.copy(d[step], xo, 1, (double[]) y, yo, stride, n);
      case L -> Rows.store(type, l[step], xo, y, yo, stride, n);
      case B -> Rows.copy(b[step], xo, 1, (byte[]) y, yo, stride, n);
    }
  }
}
