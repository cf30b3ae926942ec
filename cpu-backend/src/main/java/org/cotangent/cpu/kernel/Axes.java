package org.cotangent.cpu.kernel;

import org.cotangent.spi.Layout;

/** Parts of layouts by axis. */
final class Axes {
  private Axes() {}

  /** The layout's axes that are in {@code axes}, or those that are not; the offset stays. */
  static Layout select(Layout l, int[] axes, boolean in) {
    int rank = l.rank();
    int[] d = new int[in ? axes.length : rank - axes.length];
    int[] s = new int[d.length];
    int n = 0;
    for (int i = 0; i < rank; i++) {
      if (contains(axes, i) == in) {
        d[n] = l.dims()[i];
        s[n++] = l.strides()[i];
      }
    }
    return new Layout(d, s, l.offset());
  }

  /** The layout without one axis. */
  static Layout without(Layout l, int axis) {
    return select(l, new int[] {axis}, false);
  }

  /** The layout with another stride along one axis. */
  static Layout restride(Layout l, int axis, int stride) {
    int[] s = l.strides().clone();
    s[axis] = stride;
    return new Layout(l.dims(), s, l.offset());
  }

  /** The axes ordered so that the widest steps come first; for work whose order of elements is free. */
  static Layout widestFirst(Layout l) {
    int[] d = l.dims().clone();
    int[] s = l.strides().clone();
    for (int i = 1; i < d.length; i++) {
      for (int j = i; j > 0 && Math.abs(s[j - 1]) < Math.abs(s[j]); j--) {
        swap(d, j);
        swap(s, j);
      }
    }
    return new Layout(d, s, l.offset());
  }

  private static void swap(int[] a, int j) {
    int t = a[j];
    a[j] = a[j - 1];
    a[j - 1] = t;
  }

  private static boolean contains(int[] a, int v) {
    for (int x : a) {
      if (x == v) {
        return true;
      }
    }
    return false;
  }
}
