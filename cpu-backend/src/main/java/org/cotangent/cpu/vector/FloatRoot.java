package org.cotangent.cpu.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The square root and its inverse for float32; {@code n} is a multiple of the vector length. */
final class FloatRoot {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  private FloatRoot() {}

  static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += F.length()) fromArray(F, x, xo + i).sqrt().intoArray(y, yo + i);
  }

  /** By a division: the processor's estimate of the inverse root differs from maker to maker. */
  static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector one = broadcast(F, 1f);
    for (int i = 0; i < n; i += F.length()) one.div(fromArray(F, x, xo + i).sqrt()).intoArray(y, yo + i);
  }
}
