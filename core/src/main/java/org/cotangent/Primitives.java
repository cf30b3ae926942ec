package org.cotangent;

import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.primitive.Contract;
import org.cotangent.primitive.OverlapAdd;
import org.cotangent.primitive.Pad;
import org.cotangent.primitive.Window;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * The engine's own operations, from which functions of the library are composed: whatever is made of them has derivatives of every
 * order and works inside all transforms.
 */
public final class Primitives {
  private static final OpName POINTWISE = OpName.of("pointwise");
  private static final OpName CONTRACT = OpName.of("contract");
  private static final OpName WINDOW = OpName.of("window");
  private static final OpName OVERLAP_ADD = OpName.of("overlapAdd");
  private static final OpName PAD = OpName.of("pad");

  private Primitives() {}

  /**
   * One kernel that computes {@code e} for each element: {@code Expr.arg(i)} stands for {@code xs[i]}. The tensors broadcast and are
   * converted to their promoted type first, integers to float32.
   *
   * @throws ShapeException if the shapes do not broadcast
   */
  public static Tensor pointwise(Expr e, Tensor... xs) {
    return xs.length == 1 ? Eager.floating(POINTWISE, e, xs[0]) : Eager.pointwise(POINTWISE, e, Eager.resultType(xs).orFloat(), xs);
  }

  /**
   * out[...] = sum of x[...] y[...], with one letter an axis as in einsum; each letter stands in at least two of the three strings,
   * and once in each.
   *
   * @throws ShapeException if axes of one letter differ in size, or letters do not fit the axes
   */
  public static Tensor contract(String a, Tensor x, String b, Tensor y, String out) {
    if (a.length() != x.rank() || b.length() != y.rank()) {
      throw new ShapeException(Gate.nameOr("contract") + ": letters " + a + ", " + b + " do not fit " + x.shape() + " and " + y.shape());
    }
    return Eager.apply(CONTRACT, new Contract(a, b, out), x, y);
  }

  /**
   * Windows of {@code size} elements, {@code dilation} apart, of an axis; they begin {@code stride} apart and become a new last axis.
   * A view that cannot be written to.
   *
   * @throws ShapeException if no window fits
   */
  public static Tensor window(Tensor x, int axis, int size, int stride, int dilation) {
    return x.viewOf(WINDOW, new Window(x.shape().axis("window", axis), size, stride, dilation));
  }

  /** The transpose of {@link #window}: the last axis of x is added back to places of an axis, which gets {@code n} elements. */
  public static Tensor overlapAdd(Tensor x, int axis, int stride, int dilation, int n) {
    return Eager.apply(OVERLAP_ADD, new OverlapAdd(x.shape().axis("overlapAdd", axis), x.size(-1), stride, dilation, n), x);
  }

  /** Zeros before and after along one axis. */
  public static Tensor pad(Tensor x, int axis, int before, int after) {
    if (before == 0 && after == 0) {
      return x;
    }
    int a = x.shape().axis("pad", axis);
    int[] lo = new int[x.rank()];
    int[] hi = new int[x.rank()];
    lo[a] = before;
    hi[a] = after;
    return Eager.apply(PAD, new Pad(lo, hi, new int[x.rank()]), x);
  }
}
