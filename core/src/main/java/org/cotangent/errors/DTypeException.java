package org.cotangent.errors;

/** Element types that the operation does not take. */
public final class DTypeException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public DTypeException(String message) {
    super(message);
  }
}
