package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;

/** Axis i of the result is axis perm[i] of the input. */
public record Permute(int[] perm) implements Linear {
  @Override
  public boolean view() {
    return true;
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    int[] d = new int[perm.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = in[0].shape().dim(perm[i]);
    }
    return new Spec[] {in[0].as(Shape.of(d))};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.permute(ct, Axes.inverse(perm));
  }

  @Override
  public Linear shifted(int n) {
    return new Permute(Axes.shift(0, perm));
  }
}
