package org.cotangent.primitive;

import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Spec;

/** An immutable tensor value as rules see it: stored, or wrapped by an interpreter. */
public interface Value {
  /** Shape and element type. */
  Spec spec();

  /** Where it lives. */
  Device device();

  /** The shape. */
  default Shape shape() {
    return spec().shape();
  }

  /** The element type. */
  default DType dtype() {
    return spec().dtype();
  }

  /** Number of axes. */
  default int rank() {
    return spec().rank();
  }
}
