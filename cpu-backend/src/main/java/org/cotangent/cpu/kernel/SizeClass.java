package org.cotangent.cpu.kernel;

/** Array lengths that the pool deals in: eight a power of two, so that at most an eighth of an array is unused. */
final class SizeClass {
  /** Arrays of fewer elements are not pooled. */
  static final int SMALLEST = 256;

  private static final int LOG_SMALLEST = 8;
  private static final int PER_POWER = 8;
  private static final int LOG_PER_POWER = 3;
  /** The longest array that every JVM allocates. */
  static final int LONGEST = Integer.MAX_VALUE - 8;

  static final int COUNT = (31 - LOG_SMALLEST) * PER_POWER + 1;

  private SizeClass() {}

  /** The number of the smallest class that holds {@code n} elements, n at least {@link #SMALLEST}. */
  static int of(int n) {
    int log = 31 - Integer.numberOfLeadingZeros(n);
    int step = log - LOG_PER_POWER;
    int above = (n - (1 << log) + (1 << step) - 1) >>> step;
    return (log - LOG_SMALLEST) * PER_POWER + above;
  }

  /** The length of the arrays of a class. */
  static int length(int sizeClass) {
    int log = sizeClass / PER_POWER + LOG_SMALLEST;
    long n = (1L << log) + ((long) (sizeClass % PER_POWER) << (log - LOG_PER_POWER));
    return (int) Math.min(n, LONGEST);
  }
}
