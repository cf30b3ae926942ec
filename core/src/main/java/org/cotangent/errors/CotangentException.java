package org.cotangent.errors;

/** What every refusal of the engine is. Its message reads "operation: what is wrong: the values", then the remedy. */
public abstract class CotangentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the message. */
  protected CotangentException(String message) {
    super(message);
  }
}
