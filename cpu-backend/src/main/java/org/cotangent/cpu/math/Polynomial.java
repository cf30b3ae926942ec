package org.cotangent.cpu.math;

/** Polynomials given by their coefficients, the constant term first. */
final class Polynomial {
  private Polynomial() {}

  /** The value at {@code x} by Horner's rule. */
  static double value(double[] c, double x) {
    double sum = 0;
    for (int i = c.length - 1; i >= 0; i--) sum = sum * x + c[i];
    return sum;
  }

  /** The value of p(x) / q(x). */
  static double ratio(double[] p, double[] q, double x) {
    return value(p, x) / value(q, x);
  }
}
