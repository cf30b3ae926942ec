package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.errors.ShapeException;

/** The same elements in row-major order under another shape. */
public record Reshape(Shape shape) implements Linear {
  @Override
  public boolean view() {
    return true;
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    if (in[0].size() != shape.size()) {
      throw new ShapeException(op + ": " + in[0].shape() + " has " + in[0].size() + " elements, " + shape + " has " + shape.size());
    }
    return new Spec[] {in[0].as(shape)};
  }

  @Override
  public Value transpose(Ops o, Saved s, Value ct) {
    return o.reshape(ct, s.inSpec()[0].shape());
  }

  @Override
  public Linear shifted(int n) {
    return new Reshape(shape.prepend(n));
  }
}
