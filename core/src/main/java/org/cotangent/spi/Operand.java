package org.cotangent.spi;

import org.cotangent.DType;

/** A kernel's argument: elements of a buffer in a layout. */
public record Operand(Buffer buffer, Layout layout) {
  /** Type of the elements. */
  public DType dtype() {
    return buffer.dtype();
  }

  /** The same buffer in another layout. */
  public Operand with(Layout other) {
    return new Operand(buffer, other);
  }
}
