package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** {@link Tensor} taken apart, turned by quarters, and summed to a smaller shape. Axes may be negative. */
public sealed interface TensorParts permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** n parts along an axis whose sizes differ by one at most, the larger ones first. Views. */
  default Tensor[] tensorSplit(int n, int axis) {
    int d = length("tensorSplit", axis);
    if (n < 1) {
      throw new ArgumentException("tensorSplit: " + n + " parts");
    }
    int[] sizes = new int[n];
    for (int i = 0; i < n; i++) {
      sizes[i] = d / n + (i < d % n ? 1 : 0);
    }
    return self().split(sizes, axis);
  }

  /** The parts between places along an axis, bounds as in Python's slices. Views. */
  default Tensor[] tensorSplit(int[] places, int axis) {
    length("tensorSplit", axis);
    Tensor[] r = new Tensor[places.length + 1];
    for (int i = 0; i < r.length; i++) {
      r[i] = self().slice(axis, i == 0 ? 0 : places[i - 1], i == places.length ? Integer.MAX_VALUE : places[i], 1);
    }
    return r;
  }

  private int length(String op, int axis) {
    int a = self().shape().axis(op, axis);
    if (self().rank() == 0) {
      throw new ShapeException(op + ": a scalar has no axis to split");
    }
    return self().size(a);
  }

  /** n equal parts side by side: along axis 1, of vectors along axis 0. Views. */
  default Tensor[] hsplit(int n) {
    return equal("hsplit", n, atLeast("hsplit", 1) == 1 ? 0 : 1);
  }

  /** The parts between places along axis 1, of vectors along axis 0. Views. */
  default Tensor[] hsplit(int[] places) {
    return tensorSplit(places, atLeast("hsplit", 1) == 1 ? 0 : 1);
  }

  /** n equal parts on top of each other: along axis 0. Views. */
  default Tensor[] vsplit(int n) {
    atLeast("vsplit", 2);
    return equal("vsplit", n, 0);
  }

  /** The parts between places along axis 0. Views. */
  default Tensor[] vsplit(int[] places) {
    atLeast("vsplit", 2);
    return tensorSplit(places, 0);
  }

  /** n equal parts one behind the other: along axis 2. Views. */
  default Tensor[] dsplit(int n) {
    atLeast("dsplit", 3);
    return equal("dsplit", n, 2);
  }

  /** The parts between places along axis 2. Views. */
  default Tensor[] dsplit(int[] places) {
    atLeast("dsplit", 3);
    return tensorSplit(places, 2);
  }

  private int atLeast(String op, int rank) {
    if (self().rank() < rank) {
      throw new ShapeException(op + ": needs at least " + rank + " axes: " + self().shape());
    }
    return self().rank();
  }

  private Tensor[] equal(String op, int n, int axis) {
    if (n < 1 || self().size(axis) % n != 0) {
      throw new ShapeException(op + ": axis " + axis + " of " + self().shape() + " does not divide into " + n + " equal parts");
    }
    return tensorSplit(n, axis);
  }

  /**
   * Turned by {@code k} quarters in the plane of two axes, from the first toward the second; a negative k turns back.
   *
   * @throws ShapeException if they are not two different axes
   */
  default Tensor rot90(int k, int... axes) {
    Shape s = self().shape();
    if (axes.length != 2 || s.rank() < 2) {
      throw new ShapeException("rot90: needs two axes to turn in: " + Arrays.toString(axes) + " of " + s);
    }
    int a = s.axis("rot90", axes[0]);
    int b = s.axis("rot90", axes[1]);
    if (a == b) {
      throw new ShapeException("rot90: axes " + axes[0] + " and " + axes[1] + " of " + s + " are one and the same");
    }
    return Gate.named(OpName.of("rot90"), () -> switch (Math.floorMod(k, 4)) {
      case 1 -> self().flip(b).transpose(a, b);
      case 2 -> self().flip(a, b);
      case 3 -> self().flip(a).transpose(a, b);
      default -> self().copy();
    });
  }

  /**
   * The index along each axis of {@code shape} of the elements with these places in row-major order, int64; one tensor an axis.
   *
   * @throws DTypeException for floating numbers and bool
   */
  default Tensor[] unravelIndex(int... shape) {
    if (self().dtype().floating() || self().dtype() == DType.BOOL) {
      throw new DTypeException("unravelIndex: places are " + self().dtype() + "; expected int64");
    }
    Tensor[] r = new Tensor[shape.length];
    Tensor rest = self().to(DType.INT64);
    for (int i = shape.length - 1; i >= 0; i--) {
      r[i] = rest.remainder((long) shape[i]);
      rest = rest.floorDivide((long) shape[i]);
    }
    return r;
  }

  /**
   * Summed over axes to a shape that broadcasts to this one's.
   *
   * @throws ShapeException if it does not
   */
  default Tensor sumToSize(int... shape) {
    Shape s = self().shape();
    int lead = s.rank() - shape.length;
    boolean fits = lead >= 0;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = shape[i] == 1 || shape[i] == s.dim(i + lead);
    }
    if (!fits) {
      throw new ShapeException("sumToSize: " + Arrays.toString(shape) + " does not expand to " + s);
    }
    int[] axes = java.util.stream.IntStream.range(0, s.rank())
        .filter(i -> i < lead || shape[i - lead] == 1 && s.dim(i) != 1).toArray();
    return axes.length == 0 && shape.length > 0 ? self().alias() : Gate.named(OpName.of("sumToSize", "Sum"), () -> self().sum(axes).reshape(shape));
  }
}
