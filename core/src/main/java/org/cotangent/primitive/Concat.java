package org.cotangent.primitive;

import org.cotangent.Spec;

/** The inputs one after the other along an axis. Linear in all its inputs. */
public record Concat(int axis) implements Linear {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    int n = 0;
    for (Spec s : in) {
      n = Math.addExact(n, s.shape().dim(axis));
    }
    return new Spec[] {in[0].as(in[0].shape().with(axis, n))};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(in.length, 1);
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    throw new IllegalStateException("concat has a cotangent for each input");
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value[] r = new Value[s.need().length];
    int at = 0;
    for (int i = 0; i < r.length; i++) {
      int n = s.inSpec()[i].shape().dim(axis);
      if (s.need()[i]) {
        r[i] = o.narrow(ct[0], axis, at, n);
      }
      at += n;
    }
    return r;
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    Value[] x = t.clone();
    for (int i = 0; i < x.length; i++) {
      if (x[i] == null) {
        x[i] = o.zeros(in[i].spec(), in[i]);
      }
    }
    return o.apply(this, x);
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(new Concat(axis + 1), o.spread(n, v, mapped));
  }
}
