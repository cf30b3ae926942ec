package org.cotangent.primitive;

import org.cotangent.Spec;

/** y[.., index[.., k, ..], ..] += x[.., k, ..] along one axis, which gets size n; the transpose of {@link Gather}. */
public record ScatterAdd(int axis, int n) implements Linear {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0].as(in[0].shape().with(axis, n))};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.one(new Gather(axis), ct, s.in(1));
  }

  @Override
  public Value[] batch(Ops o, int k, Value[] v, boolean[] mapped) {
    return o.apply(new ScatterAdd(axis + 1, n), o.spread(k, v, mapped));
  }
}
