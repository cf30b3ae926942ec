package org.cotangent.primitive;

import org.cotangent.Spec;

/** One axis backwards. */
public record Flip(int axis) implements Linear {
  @Override
  public boolean view() {
    return true;
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0]};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.one(this, ct);
  }

  @Override
  public Linear shifted(int n) {
    return new Flip(axis + 1);
  }
}
