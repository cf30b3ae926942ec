package org.cotangent.cpu.kernel;

/** Walks the rows of a geometry in order and knows where each operand's row begins. */
final class Cursor {
  private final int[] dims;
  private final int[][] strides;
  private final int[] base;
  private final int[] index;
  /** By operand: position of the first element of the current row. */
  final int[] at;

  Cursor(Geometry g) {
    dims = g.dims();
    strides = g.strides();
    base = g.offsets();
    index = new int[dims.length - 1];
    at = base.clone();
  }

  /** Goes to a row. */
  void seek(long row) {
    System.arraycopy(base, 0, at, 0, at.length);
    for (int i = index.length - 1; i >= 0; i--) {
      index[i] = (int) (row % dims[i]);
      row /= dims[i];
      for (int k = 0; k < at.length; k++) {
        at[k] += index[i] * strides[k][i];
      }
    }
  }

  /** Goes to the next row; from the last to the first. */
  void next() {
    for (int i = index.length - 1; i >= 0; i--) {
      if (++index[i] < dims[i]) {
        for (int k = 0; k < at.length; k++) {
          at[k] += strides[k][i];
        }
        return;
      }
      index[i] = 0;
      for (int k = 0; k < at.length; k++) {
        at[k] -= (dims[i] - 1) * strides[k][i];
      }
    }
  }

  /** Position along an axis, not the last. */
  int index(int axis) {
    return index[axis];
  }

  /** Goes {@code rows} rows on, at most to the end of the last axis but one. */
  void advance(int rows) {
    int last = index.length - 1;
    index[last] += rows - 1;
    for (int k = 0; k < at.length; k++) {
      at[k] += (rows - 1) * strides[k][last];
    }
    next();
  }
}
