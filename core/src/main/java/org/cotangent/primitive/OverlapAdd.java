package org.cotangent.primitive;

import org.cotangent.Spec;

/** y[.., o * stride + k * dilation, ..] += x[.., o, .., k]: the transpose of {@link Window}; axis gets size n. */
public record OverlapAdd(int axis, int size, int stride, int dilation, int n) implements Linear {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0].as(in[0].shape().range(0, in[0].rank() - 1).with(axis, n))};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.one(new Window(axis, size, stride, dilation), ct);
  }

  @Override
  public Linear shifted(int more) {
    return new OverlapAdd(axis + 1, size, stride, dilation, n);
  }
}
