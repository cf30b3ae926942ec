package org.cotangent;

/** What is known of a tensor without its numbers. */
public record Spec(Shape shape, DType dtype) {
  /** Number of elements. */
  public long size() {
    return shape.size();
  }

  /** Number of axes. */
  public int rank() {
    return shape.rank();
  }

  /** This shape with another element type. */
  public Spec as(DType other) {
    return other == dtype ? this : new Spec(shape, other);
  }

  /** This element type with another shape. */
  public Spec as(Shape other) {
    return new Spec(other, dtype);
  }

  /** "float32 [2, 3]". */
  @Override
  public String toString() {
    return dtype + " " + shape;
  }
}
