package org.cotangent;

/** What a random draw inside {@code vmap} gives. */
public enum Randomness {
  /** Refused, since either could be meant. */
  ERROR,
  /** The same numbers for each example. */
  SAME,
  /** Other numbers for each example. */
  DIFFERENT
}
