package org.cotangent.errors;

/** An argument outside its range. */
public final class ArgumentException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public ArgumentException(String message) {
    super(message);
  }
}
