package org.cotangent.errors;

/** An index outside its axis. */
public final class IndexException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public IndexException(String message) {
    super(message);
  }
}
