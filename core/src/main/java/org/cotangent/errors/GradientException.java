package org.cotangent.errors;

/** A backward pass that cannot be done: no graph, a freed graph, a cotangent of the wrong shape. */
public final class GradientException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public GradientException(String message) {
    super(message);
  }
}
