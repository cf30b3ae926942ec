package org.cotangent.primitive;

import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.spi.Distribution;

/** Numbers drawn from a counter-based stream; no inputs, no derivative. */
public record Random(Distribution kind, Spec spec, Device device, long seed, long offset, long low, long high) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {spec};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(0, 1);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    return new Value[0];
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    return new Value[1];
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    throw new IllegalStateException("random has no inputs, so no batching interpreter sees it");
  }
}
