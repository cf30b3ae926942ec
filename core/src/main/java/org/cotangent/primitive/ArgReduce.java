package org.cotangent.primitive;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.errors.ShapeException;

/**
 * The extreme value along an axis, and the first index where it stands; both without the axis. A NaN is more extreme than any number; of
 * several the first counts, or the last if {@code lastNan}.
 */
public record ArgReduce(boolean largest, boolean lastNan, int axis) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    if (in[0].shape().dim(axis) == 0) {
      throw new ShapeException(op + ": axis " + axis + " of " + in[0].shape() + " is empty");
    }
    Shape s = in[0].shape().without(axis);
    return new Spec[] {in[0].as(s), new Spec(s, DType.INT64)};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, 2).withOut(1);
  }

  private Value keep(Ops o, Value v, Shape in) {
    return o.reshape(v, in.with(axis, 1));
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Shape in = s.inSpec()[0].shape();
    Value x = ct[0] == null ? null : o.one(new ScatterAdd(axis, in.dim(axis)), keep(o, ct[0], in), keep(o, s.out(1), in));
    return new Value[] {x};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    Value g = t[0] == null ? null : o.one(new Gather(axis), t[0], keep(o, out[1], in[0].shape()));
    return new Value[] {g == null ? null : o.reshape(g, out[0].shape()), null};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(new ArgReduce(largest, lastNan, axis + 1), v);
  }
}
