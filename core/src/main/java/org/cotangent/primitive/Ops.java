package org.cotangent.primitive;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.spi.Reduction;

/**
 * The small vocabulary in which rules are written. Everything goes through {@link #apply}, so a rule's result is differentiable
 * and batchable itself.
 */
public interface Ops {
  /** Applies a primitive. */
  Value[] apply(Primitive p, Value... in);

  /** A value with every element {@code v}, on the device of {@code like}; takes no storage. */
  Value full(Spec spec, double v, Value like);

  /** The only output of a primitive. */
  default Value one(Primitive p, Value... in) {
    return apply(p, in)[0];
  }

  /** Zeros. */
  default Value zeros(Spec spec, Value like) {
    return full(spec, 0, like);
  }

  /** A pointwise expression of operands of one shape. */
  default Value pointwise(Expr e, Value... in) {
    return one(new Pointwise(List.of(e)), in);
  }

  /** x + y for equal shapes. */
  default Value add(Value x, Value y) {
    return one(Pointwise.ADD, x, y);
  }

  /** x + y where null is zero. */
  default Value addOrNull(Value x, Value y) {
    return x == null ? y : y == null ? x : add(x, y);
  }

  /** x * y for equal shapes. */
  default Value mul(Value x, Value y) {
    return one(Pointwise.MUL, x, y);
  }

  /** x / y for equal shapes. */
  default Value div(Value x, Value y) {
    return one(Pointwise.DIV, x, y);
  }

  /** x = y as a bool. */
  default Value eq(Value x, Value y) {
    return pointwise(Expr.call(Fn.EQ, Expr.arg(0), Expr.arg(1)), x, y);
  }

  /** x converted to another type. */
  default Value cast(Value x, DType t) {
    return x.dtype() == t ? x : pointwise(Expr.cast(t, Expr.arg(0)), x);
  }

  /** Sum over axes; x itself if there are none. */
  default Value sum(Value x, int... axes) {
    return axes.length == 0 ? x : one(new Reduce(Reduction.SUM, axes), x);
  }

  /** Input axis i becomes axis axes[i] of {@code shape}; the others repeat. */
  default Value broadcast(Value x, Shape shape, int... axes) {
    return x.shape().equals(shape) ? x : one(new Broadcast(shape, axes), x);
  }

  /** x repeated over the {@code axes} that a reduction removed from {@code shape}. */
  default Value spreadOver(Value x, Shape shape, int... axes) {
    return axes.length == 0 ? x : one(new Broadcast(shape, shape.complement(axes)), x);
  }

  /** Axes reordered: axis i of the result is axis perm[i] of x. */
  default Value permute(Value x, int... perm) {
    for (int i = 0; i < perm.length; i++) {
      if (perm[i] != i) {
        return one(new Permute(perm), x);
      }
    }
    return x;
  }

  /** The same elements under another shape. */
  default Value reshape(Value x, Shape shape) {
    return x.shape().equals(shape) ? x : one(new Reshape(shape), x);
  }

  /** {@code count} elements of one axis, beginning at {@code from}. */
  default Value narrow(Value x, int axis, int from, int count) {
    return one(Slice.narrow(x.shape(), axis, from, count), x);
  }

  /** x with zeros around along one axis. */
  default Value pad(Value x, int axis, int before, int after) {
    int[] lo = new int[x.rank()];
    int[] hi = new int[x.rank()];
    lo[axis] = before;
    hi[axis] = after;
    return one(new Pad(lo, hi, new int[x.rank()]), x);
  }

  /** x with a new axis 0 along which it repeats n times. */
  default Value spread(int n, Value x) {
    int[] axes = new int[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i + 1;
    }
    return one(new Broadcast(x.shape().prepend(n), axes), x);
  }

  /** All of v with axis 0 of size n. */
  default Value[] spread(int n, Value[] v, boolean[] mapped) {
    Value[] r = v.clone();
    for (int i = 0; i < r.length; i++) {
      if (!mapped[i]) {
        r[i] = spread(n, v[i]);
      }
    }
    return r;
  }
}
