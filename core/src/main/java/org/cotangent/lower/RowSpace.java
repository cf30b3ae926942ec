package org.cotangent.lower;

import java.util.Arrays;
import org.cotangent.Shape;
import org.cotangent.spi.Layout;

/**
 * The elements of a kernel that walks rows, and which of them are a row: those along all axes but the first {@code lead}.
 *
 * @param space all elements
 * @param lead number of axes that count rows
 */
record RowSpace(Shape space, int lead) {
  /** Asked at every operation on rows, and what the compiler derives for a record is slow until it is warm. */
  @Override
  public boolean equals(Object o) {
    return o instanceof RowSpace r && lead == r.lead && space.equals(r.space);
  }

  @Override
  public int hashCode() {
    return space.hashCode() * 31 + lead;
  }

  /** Number of axes along a row. */
  int axes() {
    return space.rank() - lead;
  }

  /** Elements in a row. */
  long length() {
    long n = 1;
    for (int i = lead; i < space.rank(); i++) {
      n *= space.dim(i);
    }
    return n;
  }

  /** Whether a shape has one element for each row: the leading axes, then axes of size 1. */
  boolean counts(Shape s) {
    if (s.rank() < lead) {
      return false;
    }
    for (int i = 0; i < s.rank(); i++) {
      if (s.dim(i) != (i < lead ? space.dim(i) : 1)) {
        return false;
      }
    }
    return true;
  }

  /** One element for each row, laid out as {@code l}, repeated along the rows. */
  Layout spread(Layout l) {
    return new Layout(space.dims(), Arrays.copyOf(Arrays.copyOf(l.strides(), lead), space.rank()), l.offset());
  }

  /** One row, laid out as {@code l}, that is every row. */
  Layout down(Layout l) {
    int[] strides = new int[space.rank()];
    System.arraycopy(l.strides(), 0, strides, lead, axes());
    return new Layout(space.dims(), strides, l.offset());
  }

  /** Whether axis i of {@code axes} is axis i of the space, for those that are not of size 1, so that a broadcast repeats along the rows. */
  boolean leading(int[] axes) {
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] != i) {
        return false;
      }
    }
    return axes.length == lead;
  }
}
