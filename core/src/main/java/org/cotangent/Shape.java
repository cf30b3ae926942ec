package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.ShapeException;

/** The sizes of a tensor's axes; immutable. The empty shape is that of a scalar. */
public final class Shape {
  /** The shape of a 0-dim tensor. */
  public static final Shape SCALAR = new Shape(new int[0]);

  private static final long TOO_MANY = Long.MAX_VALUE;

  private final int[] dims;
  private final long size;

  private Shape(int[] dims) {
    this.dims = dims;
    long n = 1;
    for (int d : dims) {
      long high = Math.multiplyHigh(n, d);
      n *= d;
      if (high != 0 || n < 0) {
        n = TOO_MANY; // unless an axis is empty
      }
    }
    for (int d : dims) {
      n = d == 0 ? 0 : n;
    }
    if (n == TOO_MANY) {
      throw new ShapeException("shape: " + Arrays.toString(dims) + " has more elements than can be counted");
    }
    this.size = n;
  }

  /**
   * The shape with these sizes.
   *
   * @throws ShapeException if one is negative
   */
  public static Shape of(int... dims) {
    if (dims.length == 0) {
      return SCALAR;
    }
    for (int d : dims) {
      if (d < 0) {
        throw new ShapeException("shape: " + Arrays.toString(dims) + " has a negative size");
      }
    }
    return new Shape(dims.clone());
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /**
   * Size of an axis; negative axes count from the end.
   *
   * @throws ShapeException if there is no such axis
   */
  public int dim(int axis) {
    if (dims.length == 0) {
      throw new ShapeException("dim: a scalar has no axis " + axis);
    }
    return dims[axis("dim", axis)];
  }

  /** Number of elements. */
  public long size() {
    return size;
  }

  /** The sizes, a copy. */
  public int[] dims() {
    return dims.clone();
  }

  /**
   * {@code axis} counted from the front, for an operation of name {@code op}. A scalar counts as having one axis, as in PyTorch.
   *
   * @throws ShapeException if there is no such axis
   */
  public int axis(String op, int axis) {
    int rank = Math.max(dims.length, 1);
    if (axis < -rank || axis >= rank) {
      throw new ShapeException(op + ": axis " + axis + " is out of range for " + this + ": expected " + -rank + " to " + (rank - 1));
    }
    return axis < 0 ? axis + rank : axis;
  }

  /**
   * The place of a new axis, counted from the front; negative counts from the end of the result.
   *
   * @throws ShapeException if the result has no such place
   */
  public int newAxis(String op, int axis) {
    int rank = dims.length + 1;
    if (axis < -rank || axis >= rank) {
      throw new ShapeException(
          op + ": place " + axis + " of a new axis is out of range for " + this + ": expected " + -rank + " to " + (rank - 1));
    }
    return axis < 0 ? axis + rank : axis;
  }

  /** This shape with axes of size {@code more} in front. */
  public Shape prepend(int... more) {
    int[] d = Arrays.copyOf(more, more.length + dims.length);
    System.arraycopy(dims, 0, d, more.length, dims.length);
    return of(d);
  }

  /** This shape with {@code more} axes behind. */
  public Shape append(int... more) {
    int[] d = Arrays.copyOf(dims, more.length + dims.length);
    System.arraycopy(more, 0, d, dims.length, more.length);
    return of(d);
  }

  /** This shape with axis {@code axis} (from the front) of another size. */
  public Shape with(int axis, int size) {
    int[] d = dims.clone();
    d[axis] = size;
    return of(d);
  }

  /** This shape without the given axes (from the front). */
  public Shape without(int... axes) {
    int[] d = new int[dims.length];
    int n = 0;
    for (int i = 0; i < dims.length; i++) {
      if (!contains(axes, i)) {
        d[n++] = dims[i];
      }
    }
    return of(Arrays.copyOf(d, n));
  }

  /** Axes {@code from} (inclusive) to {@code to} (exclusive). */
  public Shape range(int from, int to) {
    return of(Arrays.copyOfRange(dims, from, to));
  }

  /** Axis numbers of this shape that are not in {@code axes}. */
  public int[] complement(int... axes) {
    int[] d = new int[dims.length];
    int n = 0;
    for (int i = 0; i < dims.length; i++) {
      if (!contains(axes, i)) {
        d[n++] = i;
      }
    }
    return Arrays.copyOf(d, n);
  }

  /**
   * The shape that both broadcast to: sizes are aligned at the last axis, and 1 stretches.
   *
   * @throws ShapeException if two sizes differ and neither is 1
   */
  public static Shape broadcast(String op, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] d = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (x != y && x != 1 && y != 1) {
        throw new ShapeException(op + ": " + a + " and " + b + " do not broadcast: axis " + -i + " is " + x + " and " + y);
      }
      d[rank - i] = x == 1 ? y : x;
    }
    return new Shape(d);
  }

  /**
   * The shape that all broadcast to; that of a scalar for none.
   *
   * @throws ShapeException if two sizes differ and neither is 1
   */
  public static Shape broadcast(Shape... shapes) {
    Shape all = SCALAR;
    for (Shape s : shapes) {
      all = broadcast("broadcast", all, s);
    }
    return all;
  }

  private static boolean contains(int[] a, int v) {
    for (int x : a) {
      if (x == v) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** "[2, 3]". */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
