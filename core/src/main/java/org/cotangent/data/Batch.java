package org.cotangent.data;

import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;

/**
 * Examples side by side: each field holds one property of all of them, along its axis 0. Most batches have two fields, inputs
 * {@link #x} and targets {@link #y}; there may be one, or more.
 *
 * @param fields at least one tensor
 */
public record Batch(List<Tensor> fields) {
  /**
   * A batch of these fields; the list is copied.
   *
   * @throws ArgumentException if there are none
   */
  public Batch {
    fields = List.copyOf(fields);
    if (fields.isEmpty()) {
      throw new ArgumentException("batch: no fields; give at least one tensor");
    }
  }

  /** A batch of inputs and targets. */
  public Batch(Tensor x, Tensor y) {
    this(List.of(x, y));
  }

  /** A batch of these fields. */
  public static Batch of(Tensor... fields) {
    return new Batch(List.of(fields));
  }

  /** The inputs: field 0. */
  public Tensor x() {
    return fields.get(0);
  }

  /**
   * The targets: field 1.
   *
   * @throws ArgumentException if there is but one field
   */
  public Tensor y() {
    return field(1);
  }

  /**
   * A field by its number, from 0.
   *
   * @throws ArgumentException if there is no such field
   */
  public Tensor field(int i) {
    if (i < 0 || i >= fields.size()) {
      throw new ArgumentException("batch: no field " + i + "; there are " + fields.size());
    }
    return fields.get(i);
  }

  /**
   * Number of examples: the size of axis 0 of field 0.
   *
   * @throws ShapeException if that field is a scalar
   */
  public int size() {
    if (x().rank() == 0) {
      throw new ShapeException("batch: field 0 is a scalar, which has no axis of examples");
    }
    return x().size(0);
  }

  /** The same examples with {@code f} applied to every field. */
  public Batch map(UnaryOperator<Tensor> f) {
    return new Batch(fields.stream().map(f).toList());
  }

  /** The same examples on a device. */
  public Batch to(Device device) {
    return map(t -> t.to(device));
  }
}
