package org.cotangent.nn;

/** log(softmax(x)) along an axis, without overflow. */
public final class LogSoftmax extends Parameterless {
  /** Along {@code axis}; negative counts from the end. */
  public LogSoftmax(int axis) {
    super(x -> x.logSoftmax(axis), "dim=" + axis);
  }
}
