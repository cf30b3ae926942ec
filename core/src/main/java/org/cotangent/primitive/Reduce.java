package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.spi.Reduction;

/**
 * Combines the elements of some axes (ascending, from the front), which disappear. A tie of extremes shares the gradient evenly; where the
 * extreme is NaN, the NaN elements share it if {@code nanShares}, and otherwise every gradient there is NaN.
 */
public record Reduce(Reduction kind, int[] axes, boolean nanShares) implements Primitive {
  /** {@link #nanShares}. */
  public Reduce(Reduction kind, int... axes) {
    this(kind, axes, true);
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    for (int a : axes) {
      if (kind.needsElements() && in[0].shape().dim(a) == 0) {
        throw new ShapeException(op + ": axis " + a + " of " + in[0].shape() + " is empty, so it has no " + kind.name().toLowerCase(java.util.Locale.ROOT));
      }
    }
    return new Spec[] {in[0].as(in[0].shape().without(axes))};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return switch (kind) {
      case SUM -> Reads.none(1, 1);
      case PROD -> Reads.none(1, 1).withIn(0);
      case MAX, MIN -> Reads.none(1, 1).withIn(0).withOut(0);
    };
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Shape shape = s.inSpec()[0].shape();
    Value spread = o.spreadOver(ct[0], shape, axes);
    return new Value[] {
      switch (kind) {
        case SUM -> spread;
        case PROD -> o.mul(spread, others(o, s.in(0)));
        case MAX, MIN -> o.mul(spread, weight(o, s.in(0), s.out(0)));
      }
    };
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[1];
    }
    Value x = switch (kind) {
      case SUM -> t[0];
      case PROD -> o.mul(t[0], others(o, in[0]));
      case MAX, MIN -> o.mul(t[0], weight(o, in[0], out[0]));
    };
    return new Value[] {o.sum(x, axes)};
  }

  /** 1 / (number of extremes) where x is the extreme, else 0. */
  private Value weight(Ops o, Value x, Value y) {
    Value spread = o.spreadOver(y, x.shape(), axes);
    Expr a = Expr.arg(0);
    Expr b = Expr.arg(1);
    Expr same = Expr.call(Fn.EQ, a, b);
    Expr hit = nanShares ? Expr.call(Fn.OR, same, Expr.call(Fn.AND, Expr.call(Fn.NE, a, a), Expr.call(Fn.NE, b, b))) : same;
    Value mask = o.pointwise(Expr.cast(x.dtype(), hit), x, spread);
    return o.div(mask, o.spreadOver(o.sum(mask, axes), x.shape(), axes));
  }

  /** The product of all other elements, right at zeros in every order: running products from both sides. */
  private Value others(Ops o, Value x) {
    int[] keep = x.shape().complement(axes);
    int[] perm = Axes.concat(keep, axes);
    Value p = o.permute(x, perm);
    int n = 1;
    for (int a : axes) {
      n *= x.shape().dim(a);
    }
    Value f = o.reshape(p, p.shape().range(0, keep.length).append(n));
    int axis = keep.length;
    Value left = exclusive(o, f, axis);
    Value right = o.one(new Flip(axis), exclusive(o, o.one(new Flip(axis), f), axis));
    return o.permute(o.reshape(o.mul(left, right), p.shape()), Axes.inverse(perm));
  }

  private static Value exclusive(Ops o, Value f, int axis) {
    int n = f.shape().dim(axis);
    if (n == 0) {
      return f;
    }
    Value one = o.full(f.spec().as(f.shape().with(axis, 1)), 1, f);
    Value shifted = o.one(new Concat(axis), one, o.narrow(f, axis, 0, n - 1));
    return o.one(new Scan(Reduction.PROD, axis, false), shifted);
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(new Reduce(kind, Axes.plus1(axes), nanShares), v);
  }
}
