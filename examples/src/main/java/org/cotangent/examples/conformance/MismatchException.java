package org.cotangent.examples.conformance;

/** Arguments of types that no method here takes: in Java the call does not compile. */
final class MismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MismatchException(String message) {
    super(message);
  }
}
