package org.cotangent.primitive;

import org.cotangent.DType;
import org.cotangent.Spec;

/** Stable sort along an axis, with the source indices; NaN counts as the largest. */
public record Sort(int axis, boolean descending) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0], in[0].as(DType.INT64)};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, 2).withOut(1);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    return new Value[] {ct[0] == null ? null : o.one(new ScatterAdd(axis, s.inSpec()[0].shape().dim(axis)), ct[0], s.out(1))};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    return new Value[] {t[0] == null ? null : o.one(new Gather(axis), t[0], out[1]), null};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(new Sort(axis + 1, descending), v);
  }
}
