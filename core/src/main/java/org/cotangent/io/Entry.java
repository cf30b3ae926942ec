package org.cotangent.io;

import org.cotangent.Shape;
import org.cotangent.Spec;

/** What a header says of one tensor: bytes {@code begin} (inclusive) to {@code end} (exclusive), counted from the first data byte. */
record Entry(String name, StoredType type, Shape shape, long begin, long end) {
  /** Shape and type once loaded. */
  Spec spec() {
    return new Spec(shape, type.dtype());
  }

  /** "[0, 16]". */
  String offsets() {
    return "[" + begin + ", " + end + "]";
  }
}
