package org.cotangent.errors;

/** Anomaly mode found a NaN in a backward pass; names the forward operation and its line. */
public final class AnomalyException extends CotangentException {
  private static final long serialVersionUID = 1L;

  /** With a message of the form "operation: what is wrong: the values". */
  public AnomalyException(String message) {
    super(message);
  }
}
