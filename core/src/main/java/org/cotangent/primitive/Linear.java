package org.cotangent.primitive;

import org.cotangent.Spec;

/** One output, linear in input 0; further inputs (indices) are constants of the map. Only the transpose has to be written. */
public sealed interface Linear extends Primitive
    permits Broadcast, Permute, Reshape, Slice, Pad, Flip, Window, OverlapAdd, Gather, ScatterAdd, Concat, Copy {
  /** The cotangent of input 0. */
  Value transpose(Ops o, Saved s, Value ct);

  @Override
  default Reads reads(Spec[] in, boolean[] need) {
    Reads r = Reads.none(in.length, 1);
    for (int i = 1; i < in.length; i++) {
      r.withIn(i);
    }
    return r;
  }

  @Override
  default Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value[] r = new Value[s.inSpec().length];
    if (s.need()[0] && ct[0] != null) {
      r[0] = transpose(o, s, ct[0]);
    }
    return r;
  }

  @Override
  default Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[1];
    }
    Value[] x = in.clone();
    x[0] = t[0];
    return o.apply(this, x);
  }

  /** For maps of one input: the same map on the axes behind a new axis 0 of size n. */
  default Linear shifted(int n) {
    throw new IllegalStateException(this + " has no shifted form");
  }

  @Override
  default Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(shifted(n), v);
  }
}
