package org.cotangent.cpu.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The square root and its inverse for float64; {@code n} is a multiple of the vector length. */
final class DoubleRoot {
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

  private DoubleRoot() {}

  static void sqrt(double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i += D.length()) fromArray(D, x, xo + i).sqrt().intoArray(y, yo + i);
  }

  /** By a division: the processor's estimate of the inverse root differs from maker to maker. */
  static void rsqrt(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector one = broadcast(D, 1.0);
    for (int i = 0; i < n; i += D.length()) one.div(fromArray(D, x, xo + i).sqrt()).intoArray(y, yo + i);
  }
}
