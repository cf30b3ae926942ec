package org.cotangent.errors;

/** A device that is absent, or operands on different devices. */
public final class DeviceException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public DeviceException(String message) {
    super(message);
  }
}
