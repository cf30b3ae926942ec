package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;

/** Input axis i becomes axis axes[i] of {@code shape}; along the other axes the input repeats. */
public record Broadcast(Shape shape, int[] axes) implements Linear {
  @Override
  public boolean view() {
    return true;
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0].as(shape)};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.sum(ct, shape.complement(axes));
  }

  @Override
  public Linear shifted(int n) {
    return new Broadcast(shape.prepend(n), Axes.shift(0, axes));
  }
}
