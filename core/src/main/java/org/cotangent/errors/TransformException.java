package org.cotangent.errors;

/** A value used outside the transform that made it, or read inside one. */
public final class TransformException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public TransformException(String message) {
    super(message);
  }
}
