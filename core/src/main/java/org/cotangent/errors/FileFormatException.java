package org.cotangent.errors;

/** A file that is not what it claims to be. */
public final class FileFormatException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public FileFormatException(String message) {
    super(message);
  }
}
