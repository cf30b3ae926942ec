package org.cotangent.examples.conformance;

/** A call that has no counterpart here. */
final class UnsupportedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedException(String message) {
    super(message);
  }
}
