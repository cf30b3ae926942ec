package org.cotangent.errors;

/** A tensor used after its memory scope ended. */
public final class FreedException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public FreedException(String message) {
    super(message);
  }
}
