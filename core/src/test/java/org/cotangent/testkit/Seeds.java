package org.cotangent.testkit;

/** Seeds of tests on random inputs, printed so that a failure can be repeated. */
public final class Seeds {
  private Seeds() {}

  /**
   * The seed that {@code -Dcotangent.seed} gives; else with {@code CI=true} always the same for a test, so that a build fails for what was
   * changed; else another one each time, which finds what no build has met.
   */
  public static long of(String test) {
    long fresh = "true".equals(System.getenv("CI")) ? test.hashCode() : System.nanoTime();
    long seed = Long.getLong("cotangent.seed", fresh);
    System.out.println(test + ": seed " + seed);
    return seed;
  }
}
