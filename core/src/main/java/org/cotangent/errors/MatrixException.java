package org.cotangent.errors;

/** A matrix that has not what was asked for: it is singular, not positive definite, or not finite. */
public final class MatrixException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public MatrixException(String message) {
    super(message);
  }
}
