package org.cotangent.errors;

/** A derivative that differs from its numerical estimate; see {@link org.cotangent.GradCheck}. */
public final class GradCheckException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public GradCheckException(String message) {
    super(message);
  }
}
