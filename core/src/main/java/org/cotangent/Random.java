package org.cotangent;

/** The default source of random numbers, shared by all threads; its seed is the only process-wide state of random draws. */
public final class Random {
  private static final Generator DEFAULT = new Generator(0);

  private Random() {}

  /** The default generator. */
  public static Generator generator() {
    return DEFAULT;
  }

  /** Starts the default generator anew: the same seed gives the same numbers on every device. */
  public static Generator manualSeed(long seed) {
    return DEFAULT.manualSeed(seed);
  }
}
