package org.cotangent.errors;

/** The device has no room for a result, or a result would exceed the size limit of a buffer. */
public final class MemoryException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public MemoryException(String message) {
    super(message);
  }
}
