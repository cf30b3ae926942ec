package org.cotangent;

/** What is known of a tensor without its numbers. */
public record Spec(Shape shape, DType dtype) {
  /** Asked for every cotangent, and what the compiler derives for a record is slow until it is warm. */
  @Override
  public boolean equals(Object o) {
    return o instanceof Spec s && dtype == s.dtype && shape.equals(s.shape);
  }

  @Override
  public int hashCode() {
    return shape.hashCode() * 31 + dtype.hashCode();
  }

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
