package org.cotangent.primitive;

import org.cotangent.Spec;

/** Input 0 with the elements that the view {@code through} selects replaced by input 1: an in-place write to a view, as a function. */
public record Put(Linear through) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0]};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(2, 1);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    return new Value[] {
      s.need()[0] ? o.one(this, ct[0], o.zeros(s.inSpec()[1], ct[0])) : null, s.need()[1] ? o.one(through, ct[0]) : null
    };
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null && t[1] == null) {
      return new Value[1];
    }
    Value x = t[0] == null ? o.zeros(in[0].spec(), in[0]) : t[0];
    Value y = t[1] == null ? o.zeros(in[1].spec(), in[1]) : t[1];
    return o.apply(this, x, y);
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(new Put(through.shifted(n)), o.spread(n, v, mapped));
  }
}
