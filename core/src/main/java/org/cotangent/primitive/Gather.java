package org.cotangent.primitive;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.spi.Reduction;

/** y[.., k, ..] = x[.., index[.., k, ..], ..] along one axis; the other axes of x and index are equal. */
public record Gather(int axis) implements Linear {
  /** Positions up to here are float32 numbers. */
  private static final int MOST_POSITIONS = 1 << 24;

  /** The first where the position x2, counted from 1, is the index x1, counted from 0; else 0. */
  private static final Expr STANDING = Expr.where(
      Expr.call(Fn.EQ, Expr.arg(2), Expr.call(Fn.ADD, Expr.cast(DType.FLOAT32, Expr.arg(1)), Expr.ONE)), Expr.arg(0), Expr.ZERO);

  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0].as(in[1].shape())};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    Shape shape = s.inSpec()[0].shape();
    int n = shape.dim(axis);
    return ct.shape().dim(axis) == 1 && n <= MOST_POSITIONS ? standing(o, ct, s.in(1), shape) : o.one(new ScatterAdd(axis, n), ct, s.in(1));
  }

  /** One element a line, where its index says and zeros elsewhere: an expression, which kernels compute without storing the zeros. */
  private Value standing(Ops o, Value ct, Value index, Shape shape) {
    Shape lines = shape.without(axis);
    Value ones = o.full(new Spec(Shape.of(shape.dim(axis)), DType.FLOAT32), 1, ct);
    Value positions = o.broadcast(o.one(new Scan(Reduction.SUM, 0, false), ones), shape, axis);
    return o.pointwise(STANDING, o.spreadOver(o.reshape(ct, lines), shape, axis), o.spreadOver(o.reshape(index, lines), shape, axis), positions);
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return mapped[0] ? o.apply(new Gather(axis + 1), o.spread(n, v, mapped)) : new Value[] {shared(o, v[0], v[1])};
  }

  /** One table for all examples: the mapped axis joins the index axis, so that the transpose never makes n tables. */
  private Value shared(Ops o, Value table, Value index) {
    int r = index.rank();
    int[] to = new int[r];
    for (int i = 0; i < r; i++) {
      to[i] = i <= axis ? i + 1 : i == axis + 1 ? 0 : i;
    }
    Value p = o.permute(index, to);
    int[] ps = p.shape().dims();
    int[] folded = new int[r - 1];
    for (int i = 0; i < r - 1; i++) {
      folded[i] = i < axis ? ps[i] : i == axis ? ps[i] * ps[i + 1] : ps[i + 1];
    }
    Value y = o.one(this, table, o.reshape(p, Shape.of(folded)));
    return o.permute(o.reshape(y, p.shape()), Axes.inverse(to));
  }
}
