package org.cotangent.cpu.kernel;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.spi.Operand;

/**
 * Stable sorts along an axis, NaN counting as largest and -0 as 0.
 *
 * <p>Elements become integer keys of the same order. Keys of at most 32 bits are sorted as longs together with their position, which makes any
 * sort stable; wider ones by merging.
 */
public final class Sort {
  private static final int GRAIN = 4 * 1024;

  private Sort() {}

  /** Sorted values along {@code axis} and where each came from. */
  public static void run(Pool pool, Operand in, int axis, boolean descending, Operand values, Operand indices) {
    if (Geometry.empty(in.layout())) {
      return;
    }
    Geometry g = Geometry.of(Axes.without(in.layout(), axis), Axes.without(values.layout(), axis), Axes.without(indices.layout(), axis));
    int n = in.layout().dims()[axis];
    int[] steps = {in.layout().strides()[axis], values.layout().strides()[axis], indices.layout().strides()[axis]};
    DType type = in.dtype();
    Object x = HeapBuffer.data(in);
    Object v = HeapBuffer.data(values);
    long[] at = (long[]) HeapBuffer.data(indices);
    long lines = g.size();
    int inner = g.inner();
    int pieces = (int) Math.min(lines, Pool.pieces(lines * n, GRAIN));
    pool.forEach(pieces, p -> {
      var line = new Line(type, n, descending);
      Cursor c = g.cursor(lines * p / pieces / inner);
      for (long i = lines * p / pieces; i < lines * (p + 1) / pieces; i++) {
        int column = (int) (i % inner);
        int xo = c.at[0] + column * g.step(0);
        line.sort(x, xo, steps[0]);
        line.store(x, xo, steps[0], v, c.at[1] + column * g.step(1), steps[1], at, c.at[2] + column * g.step(2), steps[2]);
        if (column + 1 == inner) {
          c.next();
        }
      }
    });
  }

  /** Sorts lines of one length. */
  private static final class Line {
    private static final int RUN = 16;

    private final DType type;
    private final int n;
    private final boolean descending;
    private final long[] keys;
    /** Positions in sorted order; the second pair of arrays is room for merging. */
    private int[] order;
    private long[] otherKeys;
    private int[] otherOrder;

    Line(DType type, int n, boolean descending) {
      this.type = type;
      this.n = n;
      this.descending = descending;
      keys = new long[n];
      order = new int[n];
      if (wide()) {
        otherKeys = new long[n];
        otherOrder = new int[n];
      }
    }

    private boolean wide() {
      return type == DType.FLOAT64 || type == DType.INT64;
    }

    void sort(Object x, int xo, int step) {
      switch (type) {
        case FLOAT32 -> keys((float[]) x, xo, step);
        case FLOAT64 -> keys((double[]) x, xo, step);
        default -> Rows.load(type, x, xo, step, keys, 0, n);
      }
      if (descending) {
        LongLoops.not(keys, 0, keys, 0, n);
      }
      if (wide()) {
        merge();
      } else {
        pack();
      }
    }

    private void keys(float[] x, int xo, int step) {
      for (int i = 0; i < n; i++) {
        int b = Float.floatToIntBits(x[xo + i * step] + 0f); // one NaN, no -0
        keys[i] = b == 0x7fc00000 ? Integer.MAX_VALUE : b ^ b >> 31 & Integer.MAX_VALUE;
      }
    }

    private void keys(double[] x, int xo, int step) {
      for (int i = 0; i < n; i++) {
        long b = Double.doubleToLongBits(x[xo + i * step] + 0.0);
        keys[i] = b == 0x7ff8000000000000L ? Long.MAX_VALUE : b ^ b >> 63 & Long.MAX_VALUE;
      }
    }

    private void pack() {
      for (int i = 0; i < n; i++) {
        keys[i] = keys[i] << 32 | i;
      }
      Arrays.sort(keys);
      for (int i = 0; i < n; i++) {
        order[i] = (int) keys[i];
      }
    }

    private void merge() {
      for (int i = 0; i < n; i++) {
        order[i] = i;
      }
      for (int i = 0; i < n; i += RUN) {
        insert(i, Math.min(n, i + RUN));
      }
      long[] a = keys;
      long[] b = otherKeys;
      for (long run = RUN; run < n; run *= 2) {
        for (long i = 0; i < n; i += 2 * run) {
          merge(a, b, (int) i, (int) Math.min(n, i + run), (int) Math.min(n, i + 2 * run));
        }
        long[] t = a;
        a = b;
        b = t;
        int[] u = order;
        order = otherOrder;
        otherOrder = u;
      }
    }

    private void insert(int from, int to) {
      for (int i = from + 1; i < to; i++) {
        long k = keys[i];
        int o = order[i];
        int j = i - 1;
        for (; j >= from && keys[j] > k; j--) {
          keys[j + 1] = keys[j];
          order[j + 1] = order[j];
        }
        keys[j + 1] = k;
        order[j + 1] = o;
      }
    }

    private void merge(long[] a, long[] b, int from, int middle, int to) {
      int i = from;
      int j = middle;
      for (int k = from; k < to; k++) {
        boolean left = j >= to || i < middle && a[i] <= a[j];
        int t = left ? i++ : j++;
        b[k] = a[t];
        otherOrder[k] = order[t];
      }
    }

    void store(Object x, int xo, int xs, Object v, int vo, int vs, long[] at, int ao, int as) {
      for (int i = 0; i < n; i++) {
        at[ao + i * as] = order[i];
      }
      switch (Kind.of(type)) {
        case FLOAT -> pick((float[]) x, xo, xs, (float[]) v, vo, vs);
        case DOUBLE -> pick((double[]) x, xo, xs, (double[]) v, vo, vs);
        default -> {
          for (int i = 0; i < n; i++) {
            Rows.copy(Kind.of(type), x, xo + order[i] * xs, 0, v, vo + i * vs, 0, 1);
          }
        }
      }
    }

    private void pick(float[] x, int xo, int xs, float[] v, int vo, int vs) {
      for (int i = 0; i < n; i++) {
        v[vo + i * vs] = x[xo + order[i] * xs];
      }
    }

    private void pick(double[] x, int xo, int xs, double[] v, int vo, int vs) {
      for (int i = 0; i < n; i++) {
        v[vo + i * vs] = x[xo + order[i] * xs];
      }
    }
  }
}
