package org.cotangent.testkit;

import java.util.Optional;

/** When tests that need a device are skipped. */
public final class Skipping {
  private Skipping() {}

  /**
   * Why tests are skipped, from why there is no device; empty where there is one. With {@code CI=true} nothing is skipped: a device that is not
   * there is a failure of those tests.
   */
  public static Optional<String> without(Optional<String> unavailable) {
    return "true".equals(System.getenv("CI")) ? Optional.empty() : unavailable;
  }
}
