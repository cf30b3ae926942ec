package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;

/** Elements from, from + step, ... of each axis, {@code count} of them; steps are positive. */
public record Slice(int[] from, int[] count, int[] step) implements Linear {
  /** A run of one axis, all of the others. */
  public static Slice narrow(Shape shape, int axis, int from, int count) {
    int[] f = new int[shape.rank()];
    int[] c = shape.dims();
    f[axis] = from;
    c[axis] = count;
    return new Slice(f, c, Axes.fill(c.length, 1));
  }

  @Override
  public boolean view() {
    return true;
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0].as(Shape.of(count))};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    int[] hi = new int[from.length];
    int[] lo = from.clone();
    int[] gap = new int[from.length];
    for (int i = 0; i < hi.length; i++) {
      gap[i] = step[i] - 1;
      int n = s.inSpec()[0].shape().dim(i);
      if (count[i] == 0) {
        lo[i] = 0;
        hi[i] = n;
      } else {
        hi[i] = n - from[i] - (count[i] - 1) * step[i] - 1;
      }
    }
    return o.one(new Pad(lo, hi, gap), ct);
  }

  @Override
  public Linear shifted(int n) {
    return new Slice(Axes.prepend(0, from), Axes.prepend(n, count), Axes.prepend(1, step));
  }
}
