package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;

/** y[.., k, ..] = x[.., index[.., k, ..], ..] along one axis; the other axes of x and index are equal. */
public record Gather(int axis) implements Linear {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0].as(in[1].shape())};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.one(new ScatterAdd(axis, s.inSpec()[0].shape().dim(axis)), ct, s.in(1));
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
