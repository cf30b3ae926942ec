package org.cotangent.errors;

/** Shapes or axes that do not fit the operation. */
public final class ShapeException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public ShapeException(String message) {
    super(message);
  }
}
