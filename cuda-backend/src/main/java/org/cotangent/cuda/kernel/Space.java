package org.cotangent.cuda.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * The index space that operands share, with as few axes as their strides allow: axes of size 1 are dropped and neighbours that every
 * operand steps through evenly are merged. The order of elements stays. {@link #sizes} and {@link #steps} are its arguments of a
 * kernel.
 *
 * @param dims sizes, outermost first; at least one axis, none of size 0
 * @param strides by operand, then axis, in elements
 */
record Space(int[] dims, int[][] strides) {
  /** The space of operands of equal dims, none of them 0. */
  static Space of(Operand... operands) {
    return of(operands[0].layout().dims(), Arrays.stream(operands).map(o -> o.layout().strides()).toArray(int[][]::new));
  }

  /** The space of layouts of equal dims, none of them 0. */
  static Space of(Layout... layouts) {
    return of(layouts[0].dims(), Arrays.stream(layouts).map(Layout::strides).toArray(int[][]::new));
  }

  /** The space of these dims, none of them 0. */
  static Space of(int[] dims, int[]... strides) {
    int rank = Math.max(1, dims.length);
    int[] d = new int[rank];
    int[][] s = new int[strides.length][rank];
    int at = rank;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      if (dims[axis] == 1) {
        continue;
      }
      if (at < rank && (long) d[at] * dims[axis] <= Integer.MAX_VALUE && merges(strides, axis, s, at, d[at])) {
        d[at] *= dims[axis];
      } else {
        d[--at] = dims[axis];
        for (int k = 0; k < s.length; k++) {
          s[k][at] = strides[k][axis];
        }
      }
    }
    if (at == rank) {
      d[--at] = 1;
    }
    int first = at;
    return new Space(Arrays.copyOfRange(d, first, rank), Arrays.stream(s).map(x -> Arrays.copyOfRange(x, first, rank)).toArray(int[][]::new));
  }

  private static boolean merges(int[][] strides, int axis, int[][] s, int at, int size) {
    for (int k = 0; k < s.length; k++) {
      if (strides[k][axis] != (long) s[k][at] * size) {
        return false;
      }
    }
    return true;
  }

  /** A rank that kernels are made for, at least {@code least}: few, so that few kernels are made. */
  static int bucket(int rank, int least) {
    int r = least;
    while (r < rank && r < 8) {
      r *= 2;
    }
    return Math.max(r, rank);
  }

  /** This space with axes of size 1 in front, so that it has {@code rank} of them. */
  Space padded(int rank) {
    int more = rank - dims.length;
    if (more == 0) {
      return this;
    }
    int[] d = new int[rank];
    Arrays.fill(d, 0, more, 1);
    System.arraycopy(dims, 0, d, more, dims.length);
    int[][] s = new int[strides.length][rank];
    for (int k = 0; k < s.length; k++) {
      System.arraycopy(strides[k], 0, s[k], more, dims.length);
    }
    return new Space(d, s);
  }

  /** Number of axes. */
  int rank() {
    return dims.length;
  }

  /** Number of elements. */
  long size() {
    long n = 1;
    for (int d : dims) {
      n *= d;
    }
    return n;
  }

  /** Step of operand {@code k} along the last axis. */
  int step(int k) {
    return strides[k][dims.length - 1];
  }

  /** Size of the last axis. */
  int inner() {
    return dims[dims.length - 1];
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

  /** The struct Sizes: by axis but the outermost the size and what divides by it. */
  byte[] sizes() {
    ByteBuffer b = struct(12 * Math.max(1, dims.length - 1));
    for (int i = 1; i < dims.length; i++) {
      int d = dims[i];
      int shift = d == 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(d - 1);
      b.putInt(d).putInt((int) (((1L << shift) - d << 32) / d + 1)).putInt(shift);
    }
    return b.array();
  }

  /** The struct Steps of operand {@code k}. */
  byte[] steps(int k) {
    ByteBuffer b = struct(4 * dims.length);
    for (int s : strides[k]) {
      b.putInt(s);
    }
    return b.array();
  }

  private static ByteBuffer struct(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  /** Whether a layout has no elements. */
  static boolean empty(Layout l) {
    for (int d : l.dims()) {
      if (d == 0) {
        return true;
      }
    }
    return false;
  }

  /** The layout's axes that are in {@code axes}, or those that are not; the offset stays. */
  static Layout select(Layout l, int[] axes, boolean in) {
    int[] keep = IntStream.range(0, l.rank()).filter(i -> Arrays.stream(axes).anyMatch(a -> a == i) == in).toArray();
    int[] d = Arrays.stream(keep).map(i -> l.dims()[i]).toArray();
    int[] s = Arrays.stream(keep).map(i -> l.strides()[i]).toArray();
    return new Layout(d, s, l.offset());
  }

  /** The layout without one axis. */
  static Layout without(Layout l, int axis) {
    return select(l, new int[] {axis}, false);
  }

  /** Strides with another one along one axis. */
  static int[] restride(int[] strides, int axis, int stride) {
    int[] s = strides.clone();
    s[axis] = stride;
    return s;
  }

  /** The order of axes in which the widest steps come first; for work whose order of elements is free. */
  static int[] widestFirst(Layout l) {
    return IntStream.range(0, l.rank()).boxed()
        .sorted((i, j) -> Integer.compare(Math.abs(l.strides()[j]), Math.abs(l.strides()[i]))).mapToInt(i -> i).toArray();
  }
}
