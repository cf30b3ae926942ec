package org.cotangent.cpu.kernel;

import org.cotangent.errors.IndexException;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Checks of index tensors. */
final class Indexes {
  private Indexes() {}

  /**
   * Looks at every distinct element of {@code index}.
   *
   * @throws IndexException if one is not in 0 to {@code size - 1}: "gather: index 7 is out of range for axis 0 of size 5"
   */
  static void check(String op, Operand index, int axis, int size) {
    if (Geometry.empty(index.layout())) {
      return;
    }
    long[] x = (long[]) HeapBuffer.data(index);
    Geometry g = Geometry.of(distinct(index.layout()));
    Cursor c = g.cursor(0);
    for (long r = 0; r < g.rows(); r++) {
      int bad = firstBad(x, c.at[0], g.step(0), g.inner(), size);
      if (bad >= 0) {
        throw new IndexException(op + ": index " + x[bad] + " is out of range for axis " + axis + " of size " + size);
      }
      c.next();
    }
  }

  /** The layout with repeated axes taken once. */
  private static Layout distinct(Layout l) {
    int[] d = l.dims().clone();
    for (int i = 0; i < d.length; i++) {
      if (l.strides()[i] == 0) {
        d[i] = 1;
      }
    }
    return new Layout(d, l.strides(), l.offset());
  }

  private static int firstBad(long[] x, int xo, int step, int n, int size) {
    for (int i = 0, at = xo; i < n; i++, at += step) {
      if (x[at] < 0 || x[at] >= size) {
        return at;
      }
    }
    return -1;
  }
}
