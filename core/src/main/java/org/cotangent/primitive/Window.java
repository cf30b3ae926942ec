package org.cotangent.primitive;

import org.cotangent.Spec;
import org.cotangent.errors.ShapeException;

/** y[.., o, .., k] = x[.., o * stride + k * dilation, ..]: overlapping windows as a view; the window axis comes last. */
public record Window(int axis, int size, int stride, int dilation) implements Linear {
  @Override
  public boolean view() {
    return true;
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    int n = in[0].shape().dim(axis);
    int span = (size - 1) * dilation + 1;
    if (span > n) {
      throw new ShapeException(op + ": a window of " + span + " does not fit axis " + axis + " of " + in[0].shape());
    }
    return new Spec[] {in[0].as(in[0].shape().with(axis, (n - span) / stride + 1).append(size))};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.one(new OverlapAdd(axis, size, stride, dilation, s.inSpec()[0].shape().dim(axis)), ct);
  }

  @Override
  public Linear shifted(int n) {
    return new Window(axis + 1, size, stride, dilation);
  }
}
