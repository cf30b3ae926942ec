package org.cotangent.ops;

import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * More elements around a tensor. Amounts come in pairs, before and after, from the last axis to the front: {@code (1, 2, 3, 4)} puts 1
 * before and 2 after along the last axis, 3 and 4 along the one before it. A negative amount removes elements.
 */
public final class Padding {
  private Padding() {}

  private interface Source {
    /** Where in 0, ..., n - 1 the element comes from that stands {@code i} places behind the first; i is outside of 0, ..., n - 1. */
    int of(int i, int n);
  }

  /**
   * The value around x.
   *
   * @throws ArgumentException if the amounts are no pairs
   * @throws ShapeException if there are more pairs than axes, or more is removed than there is
   */
  public static Tensor constant(Tensor x, double value, int... amounts) {
    int pairs = pairs("pad", x, amounts);
    return Gate.named(OpName.of("pad", "ConstantPadNd"), () -> {
      Tensor y = x;
      for (int i = 0; i < pairs; i++) {
        y = alongAxis(y, x.rank() - 1 - i, amounts[2 * i], amounts[2 * i + 1], value);
      }
      return y == x ? x.add(0L) : y;
    });
  }

  /** x with {@code before} and {@code after} more elements along one axis. */
  static Tensor alongAxis(Tensor x, int axis, int before, int after, double value) {
    Tensor y = cropped("pad", x, axis, before, after);
    int lo = Math.max(before, 0);
    int hi = Math.max(after, 0);
    if (value == 0) {
      return Primitives.pad(y, axis, lo, hi);
    }
    if (lo == 0 && hi == 0) {
      return y;
    }
    return Tensor.cat(axis, border(y, axis, lo, value), y, border(y, axis, hi, value));
  }

  private static Tensor border(Tensor x, int axis, int n, double value) {
    return Tensor.full(x.shape().with(axis, n), value, x.dtype(), x.device());
  }

  private static Tensor cropped(String op, Tensor x, int axis, int before, int after) {
    int from = Math.max(-before, 0);
    int count = x.size(axis) - from - Math.max(-after, 0);
    if (count < 0) {
      throw new ShapeException(op + ": padding " + before + ", " + after + " leaves a negative size of axis " + axis + " of " + x.shape());
    }
    return count == x.size(axis) ? x : x.narrow(axis, from, count);
  }

  /**
   * The elements mirrored at the first and last one, which are not repeated: 3 2 1 | 1 2 3 without the doubled 1.
   *
   * @throws ShapeException if an amount is not below the axis's size: "reflect: padding 3, 0 is not below size 3 of axis 1 of [2, 3]"
   */
  public static Tensor reflect(Tensor x, int... amounts) {
    return from("reflect", "ReflectionPad", x, 1, (i, n) -> i < 0 ? -i : 2 * (n - 1) - i, amounts);
  }

  /** The first and last elements repeated. */
  public static Tensor replicate(Tensor x, int... amounts) {
    return from("replicate", "ReplicationPad", x, Integer.MAX_VALUE, (i, n) -> i < 0 ? 0 : n - 1, amounts);
  }

  /**
   * The elements repeated as on a circle; those that a negative amount removes are not on it.
   *
   * @throws ShapeException if an amount is above the axis's size
   */
  public static Tensor circular(Tensor x, int... amounts) {
    int pairs = pairs("circular", x, amounts);
    Tensor y = x;
    for (int i = 0; i < pairs; i++) {
      y = cropped("circular", y, x.rank() - 1 - i, Math.min(amounts[2 * i], 0), Math.min(amounts[2 * i + 1], 0));
    }
    return from("circular", "CircularPad", y, 0, (i, n) -> Math.floorMod(i, n), java.util.Arrays.stream(amounts)
        .map(a -> Math.max(a, 0)).toArray());
  }

  /** Every axis by indices into it; amounts are at most the size less {@code spare}. */
  private static Tensor from(String op, String grad, Tensor x, int spare, Source source, int... amounts) {
    int pairs = pairs(op, x, amounts);
    if (pairs >= x.rank()) {
      throw new ShapeException(op + ": needs an axis of channels before the padded ones: " + x.shape() + " with " + pairs + " pairs");
    }
    for (int i = 0; i < pairs; i++) {
      int axis = x.rank() - 1 - i;
      int n = x.size(axis);
      int most = Math.max(amounts[2 * i], amounts[2 * i + 1]);
      if (spare != Integer.MAX_VALUE ? most > n - spare : n == 0 && most > 0) {
        throw new ShapeException(op + ": padding size " + amounts[2 * i] + ", " + amounts[2 * i + 1] + " should be "
            + (spare == 1 ? "less than" : "at most") + " the size " + n + " of axis " + axis + " of " + x.shape());
      }
    }
    return Gate.named(OpName.of(op, grad + pairs + "D"), () -> {
      Tensor y = x;
      for (int i = 0; i < pairs; i++) {
        y = along(op, y, x.rank() - 1 - i, amounts[2 * i], amounts[2 * i + 1], source);
      }
      return y == x ? x.add(0L) : y;
    });
  }

  private static Tensor along(String op, Tensor x, int axis, int before, int after, Source source) {
    int n = x.size(axis);
    int size = n + before + after;
    if (size < 0) {
      throw new ShapeException(op + ": padding " + before + ", " + after + " leaves a negative size of axis " + axis + " of " + x.shape());
    }
    if (before == 0 && after == 0) {
      return x;
    }
    long[] at = new long[size];
    for (int k = 0; k < size; k++) {
      int i = k - before;
      at[k] = i >= 0 && i < n ? i : source.of(i, n);
    }
    return x.indexSelect(axis, Tensor.of(at).to(x.device()));
  }

  private static int pairs(String op, Tensor x, int[] amounts) {
    if (amounts.length % 2 != 0) {
      throw new ArgumentException(op + ": padding length must be divisible by 2: " + java.util.Arrays.toString(amounts));
    }
    if (amounts.length / 2 > x.rank()) {
      throw new ShapeException(op + ": padding length " + amounts.length + " is more than twice the axes of " + x.shape());
    }
    return amounts.length / 2;
  }

  /** Numbers for {@code n} axes: one for all of them, or one each. */
  static int[] each(String op, String what, int n, int... v) {
    if (v.length == n) {
      return v;
    }
    if (v.length != 1) {
      throw new ArgumentException(op + ": " + what + " has " + v.length + " numbers for " + n + " axes: " + java.util.Arrays.toString(v));
    }
    int[] r = new int[n];
    java.util.Arrays.fill(r, v[0]);
    return r;
  }

  /** x with the trailing {@code n} axes at least, and an axis of channels before them; a missing axis of examples is added. */
  static Tensor examples(Tensor x, int n) {
    return x.rank() == n + 1 ? x.unsqueeze(0) : x;
  }

  /** The sizes of the trailing axes from {@code axis} on. */
  static Shape from(Tensor x, int axis) {
    return x.shape().range(axis, x.rank());
  }
}
