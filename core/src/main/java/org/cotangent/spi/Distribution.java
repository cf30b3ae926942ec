package org.cotangent.spi;

/** What a random fill draws. */
public enum Distribution {
  /** Uniform in [0, 1). */
  UNIFORM,
  /** Standard normal. */
  NORMAL,
  /** Integers from low (inclusive) to high (exclusive). */
  INTEGER
}
