package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;

/** Zeros before, after and {@code gap} of them between the elements of each axis; the transpose of {@link Slice}. */
public record Pad(int[] before, int[] after, int[] gap) implements Linear {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    int[] d = in[0].shape().dims();
    for (int i = 0; i < d.length; i++) {
      d[i] = before[i] + after[i] + (d[i] == 0 ? 0 : d[i] + (d[i] - 1) * gap[i]);
    }
    return new Spec[] {in[0].as(Shape.of(d))};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.one(slice(s.inSpec()[0].shape()), ct);
  }

  /** Where an input of this shape stands in the result. */
  public Slice slice(Shape in) {
    int[] step = gap.clone();
    for (int i = 0; i < step.length; i++) {
      step[i]++;
    }
    return new Slice(before, in.dims(), step);
  }

  @Override
  public Linear shifted(int n) {
    return new Pad(Axes.prepend(0, before), Axes.prepend(0, after), Axes.prepend(0, gap));
  }
}
