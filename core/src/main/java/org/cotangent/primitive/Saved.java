package org.cotangent.primitive;

import org.cotangent.Spec;

/**
 * What a backward rule works from.
 *
 * @param inSpec specs of the inputs
 * @param outSpec specs of the outputs
 * @param ins saved inputs; only those that {@link Reads} declared are there
 * @param outs saved outputs, likewise
 * @param need which inputs want a cotangent
 */
public record Saved(Spec[] inSpec, Spec[] outSpec, Value[] ins, Value[] outs, boolean[] need) {
  /** Saved input {@code i}. */
  public Value in(int i) {
    if (ins[i] == null) {
      throw new IllegalStateException("rule reads input " + i + ", which it did not declare");
    }
    return ins[i];
  }

  /** Saved output {@code j}. */
  public Value out(int j) {
    if (outs[j] == null) {
      throw new IllegalStateException("rule reads output " + j + ", which it did not declare");
    }
    return outs[j];
  }
}
