package org.cotangent.errors;

/** An in-place write that could not be right. */
public final class InPlaceException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public InPlaceException(String message) {
    super(message);
  }
}
