package org.cotangent.spi;

import java.util.Arrays;
import java.util.Optional;
import org.cotangent.Shape;

/**
 * Where the elements of a tensor lie in its buffer: element (i, j, ...) at {@code offset + i * strides[0] + j * strides[1] + ...},
 * counted in elements. Strides may be 0 (broadcast) or negative (flipped). Immutable; the arrays are shared and must not be
 * written.
 */
public record Layout(int[] dims, int[] strides, int offset) {
  /** Row-major without gaps. */
  public static Layout dense(int... dims) {
    return new Layout(dims, rowMajor(dims), 0);
  }

  /** Row-major without gaps. */
  public static Layout dense(Shape shape) {
    return dense(shape.dims());
  }

  /** Every element at offset 0. */
  public static Layout constant(Shape shape) {
    return new Layout(shape.dims(), new int[shape.rank()], 0);
  }

  private static int[] rowMajor(int[] dims) {
    int[] s = new int[dims.length];
    int n = 1;
    for (int k = dims.length - 1; k >= 0; k--) {
      s[k] = n;
      n *= Math.max(dims[k], 1);
    }
    return s;
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /** Number of elements. */
  public long size() {
    long n = 1;
    for (int d : dims) {
      n *= d;
    }
    return n;
  }

  /** Whether this is what {@link #dense(int...)} makes of its dims. */
  public boolean isDense() {
    int n = 1;
    for (int k = dims.length - 1; k >= 0; k--) {
      if (strides[k] != n) {
        return false;
      }
      n *= Math.max(dims[k], 1);
    }
    return offset == 0;
  }

  /** Whether the elements lie in row-major order without gaps; axes of size 1 do not matter. */
  public boolean contiguous() {
    int n = 1;
    for (int k = dims.length - 1; k >= 0; k--) {
      if (dims[k] != 1) {
        if (strides[k] != n) {
          return size() == 0;
        }
        n *= dims[k];
      }
    }
    return true;
  }

  /** The same elements with axes reordered: axis i of the result is axis perm[i] of this. */
  public Layout permute(int... perm) {
    int[] d = new int[perm.length];
    int[] s = new int[perm.length];
    for (int i = 0; i < perm.length; i++) {
      d[i] = dims[perm[i]];
      s[i] = strides[perm[i]];
    }
    return new Layout(d, s, offset);
  }

  /** Elements from, from + step, ... of each axis, {@code count} of them. */
  public Layout slice(int[] from, int[] count, int[] step) {
    int[] s = strides.clone();
    int o = offset;
    for (int i = 0; i < s.length; i++) {
      o += count[i] == 0 ? 0 : from[i] * strides[i];
      s[i] *= step[i];
    }
    return new Layout(count, s, o);
  }

  /** Axis i of this becomes axis axes[i] of a layout of these dims; the other axes have stride 0. */
  public Layout broadcast(int[] toDims, int[] axes) {
    int[] s = new int[toDims.length];
    for (int i = 0; i < axes.length; i++) {
      s[axes[i]] = strides[i];
    }
    return new Layout(toDims, s, offset);
  }

  /** The axis backwards. */
  public Layout flip(int axis) {
    int[] s = strides.clone();
    s[axis] = -s[axis];
    return new Layout(dims, s, dims[axis] == 0 ? offset : offset + (dims[axis] - 1) * strides[axis]);
  }

  /** The same elements in row-major order under other dims, without copying; empty if strides do not permit. */
  public Optional<Layout> reshape(int... to) {
    if (size() == 0) {
      return Optional.of(dense(to));
    }
    int[] s = new int[to.length];
    int i = 0;
    int j = 0;
    int outer = dims.length;
    while (i < outer || j < to.length) {
      long a = i < outer ? dims[i] : 1;
      long b = j < to.length ? to[j] : 1;
      int i0 = i;
      int j0 = j;
      while (a != b) {
        if (a < b) {
          a *= dims[++i];
        } else {
          b *= to[++j];
        }
      }
      if (!regroup(i0, Math.min(i, outer - 1), to, j0, Math.min(j, to.length - 1), s)) {
        return Optional.empty();
      }
      i++;
      j++;
    }
    return Optional.of(new Layout(to, s, offset));
  }

  /** Strides for to[j0..j1], which hold as many elements as dims[i0..i1]; false if the latter do not merge. */
  private boolean regroup(int i0, int i1, int[] to, int j0, int j1, int[] s) {
    int stride = 0;
    long next = 0;
    boolean any = false;
    for (int i = i1; i >= i0; i--) {
      if (dims[i] == 1) {
        continue;
      }
      if (!any) {
        stride = strides[i];
        any = true;
      } else if (strides[i] != next) {
        return false;
      }
      next = (long) strides[i] * dims[i];
    }
    int n = any ? stride : 1;
    for (int j = j1; j >= j0; j--) {
      s[j] = n;
      n *= to[j];
    }
    return true;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Layout l && offset == l.offset && Arrays.equals(dims, l.dims) && Arrays.equals(strides, l.strides);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims) * 31 + Arrays.hashCode(strides) + offset;
  }

  @Override
  public String toString() {
    return Arrays.toString(dims) + " strides " + Arrays.toString(strides) + " offset " + offset;
  }
}
