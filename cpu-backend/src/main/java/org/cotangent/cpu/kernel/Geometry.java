package org.cotangent.cpu.kernel;

import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * The index space that several operands share, with as few axes as their strides allow: axes of size 1 are dropped and neighbours that every
 * operand steps through evenly are merged. The order of elements stays.
 *
 * @param dims sizes, outermost first; at least one axis
 * @param strides by operand, then axis, in elements
 * @param offsets by operand, in elements
 */
record Geometry(int[] dims, int[][] strides, int[] offsets) {
  /** The space of operands with equal dims. */
  static Geometry of(Operand... operands) {
    int[][] strides = new int[operands.length][];
    int[] offsets = new int[operands.length];
    for (int k = 0; k < operands.length; k++) {
      strides[k] = operands[k].layout().strides();
      offsets[k] = operands[k].layout().offset();
    }
    return of(operands[0].layout().dims(), strides, offsets);
  }

  /** The space of layouts with equal dims. */
  static Geometry of(Layout... layouts) {
    int[][] strides = new int[layouts.length][];
    int[] offsets = new int[layouts.length];
    for (int k = 0; k < layouts.length; k++) {
      strides[k] = layouts[k].strides();
      offsets[k] = layouts[k].offset();
    }
    return of(layouts[0].dims(), strides, offsets);
  }

  /** The space of these dims, which must not hold a 0, collapsed. */
  static Geometry of(int[] dims, int[][] strides, int[] offsets) {
    int operands = strides.length;
    int[] d = new int[Math.max(1, dims.length)];
    int[][] s = new int[operands][d.length];
    int at = d.length;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      if (dims[axis] == 1) {
        continue;
      }
      if (at < d.length && (long) d[at] * dims[axis] <= Integer.MAX_VALUE && merges(strides, axis, s, at, d[at])) {
        d[at] *= dims[axis];
      } else {
        d[--at] = dims[axis];
        for (int k = 0; k < operands; k++) {
          s[k][at] = strides[k][axis];
        }
      }
    }
    if (at == d.length) {
      d[--at] = 1;
    }
    return at == 0 ? new Geometry(d, s, offsets) : tail(d, s, offsets, at);
  }

  /** The space whose last axis is the last {@code axes} axes of operands with equal dims, each of which is {@link #even} along them. */
  static Geometry rows(int axes, Operand... operands) {
    int[] dims = operands[0].layout().dims();
    int lead = dims.length - axes;
    int[][] strides = new int[operands.length][];
    int[] offsets = new int[operands.length];
    int[] steps = new int[operands.length];
    int row = 1;
    for (int i = lead; i < dims.length; i++) {
      row *= dims[i];
    }
    for (int k = 0; k < operands.length; k++) {
      Layout l = operands[k].layout();
      strides[k] = java.util.Arrays.copyOf(l.strides(), lead);
      offsets[k] = l.offset();
      for (int i = dims.length - 1; i >= lead && steps[k] == 0; i--) {
        steps[k] = dims[i] == 1 ? 0 : l.strides()[i];
      }
    }
    Geometry g = of(java.util.Arrays.copyOf(dims, lead), strides, offsets);
    int n = g.dims.length;
    int[] d = java.util.Arrays.copyOf(g.dims, n + 1);
    d[n] = row;
    int[][] s = new int[operands.length][];
    for (int k = 0; k < s.length; k++) {
      s[k] = java.util.Arrays.copyOf(g.strides[k], n + 1);
      s[k][n] = steps[k];
    }
    return new Geometry(d, s, offsets);
  }

  /** Whether a layout has one step along its axes from {@code lead} on. */
  static boolean even(Layout l, int lead) {
    long next = 0;
    boolean any = false;
    for (int i = l.rank() - 1; i >= lead; i--) {
      if (l.dims()[i] == 1) {
        continue;
      }
      if (any && l.strides()[i] != next) {
        return false;
      }
      any = true;
      next = (long) l.strides()[i] * l.dims()[i];
    }
    return true;
  }

  private static boolean merges(int[][] strides, int axis, int[][] s, int at, int size) {
    for (int k = 0; k < s.length; k++) {
      if (strides[k][axis] != (long) s[k][at] * size) {
        return false;
      }
    }
    return true;
  }

  private static Geometry tail(int[] d, int[][] s, int[] offsets, int at) {
    int[][] t = new int[s.length][];
    for (int k = 0; k < s.length; k++) {
      t[k] = java.util.Arrays.copyOfRange(s[k], at, d.length);
    }
    return new Geometry(java.util.Arrays.copyOfRange(d, at, d.length), t, offsets);
  }

  /** Size of the last axis. */
  int inner() {
    return dims[dims.length - 1];
  }

  /** Step of operand {@code k} along the last axis. */
  int step(int k) {
    return strides[k][dims.length - 1];
  }

  /** Number of rows: elements of all axes but the last. */
  long rows() {
    long n = 1;
    for (int i = 0; i < dims.length - 1; i++) {
      n *= dims[i];
    }
    return n;
  }

  /** Number of elements. */
  long size() {
    return rows() * inner();
  }

  /** Whether operand {@code k} lies without gaps in the order of the elements. */
  boolean dense(int k) {
    return dims.length == 1 && (strides[k][0] == 1 || dims[0] == 1) || denseAxes(k);
  }

  private boolean denseAxes(int k) {
    long n = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      if (strides[k][i] != n) {
        return false;
      }
      n *= dims[i];
    }
    return true;
  }

  /** Whether operand {@code k} is one element, repeated. */
  boolean constant(int k) {
    for (int i = 0; i < dims.length; i++) {
      if (strides[k][i] != 0 && dims[i] != 1) {
        return false;
      }
    }
    return true;
  }

  /** Whether operand {@code k} is the same in every row. */
  boolean sameRows(int k) {
    for (int i = 0; i < dims.length - 1; i++) {
      if (strides[k][i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** A cursor over the rows, at row {@code row}. */
  Cursor cursor(long row) {
    var c = new Cursor(this);
    c.seek(row);
    return c;
  }

  /** Whether a layout has no elements. */
  static boolean empty(Layout layout) {
    for (int d : layout.dims()) {
      if (d == 0) {
        return true;
      }
    }
    return false;
  }
}
