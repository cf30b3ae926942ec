package org.cotangent;

import org.cotangent.errors.ArgumentException;

/** One part of an index: {@code x.get(Index.at(0), Index.range(1, 3), Index.all())}. */
public sealed interface Index {
  /** Position {@code i} of an axis, which disappears; negative counts from the end. */
  record At(int i) implements Index {}

  /** Positions start, start + step, ... before stop, clipped as in Python. */
  record Range(int start, int stop, int step) implements Index {}

  /** A new axis of size 1. */
  record NewAxis() implements Index {}

  /** As many whole axes as are left. */
  record Ellipsis() implements Index {}

  /** Positions from an integer tensor, or those where a bool tensor is true. */
  record Positions(Tensor at) implements Index {}

  /** Position {@code i}. */
  static Index at(int i) {
    return new At(i);
  }

  /** The whole axis. */
  static Index all() {
    return new Range(0, Integer.MAX_VALUE, 1);
  }

  /** Positions from {@code start} on. */
  static Index from(int start) {
    return new Range(start, Integer.MAX_VALUE, 1);
  }

  /** Positions start to stop (exclusive). */
  static Index range(int start, int stop) {
    return new Range(start, stop, 1);
  }

  /**
   * Positions start, start + step, ... before stop.
   *
   * @throws ArgumentException if step is not positive
   */
  static Index range(int start, int stop, int step) {
    if (step < 1) {
      throw new ArgumentException("range: step " + step + " is not positive");
    }
    return new Range(start, stop, step);
  }

  /** A new axis. */
  static Index newAxis() {
    return new NewAxis();
  }

  /** As many whole axes as are left. */
  static Index ellipsis() {
    return new Ellipsis();
  }

  /** Positions from an integer tensor, or those where a bool tensor is true. */
  static Index of(Tensor at) {
    return new Positions(at);
  }
}
