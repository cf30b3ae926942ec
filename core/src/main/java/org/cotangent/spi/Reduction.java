package org.cotangent.spi;

/** How the elements of a reduced or scanned axis combine. */
public enum Reduction {
  /** Sum; 0 for no elements. */
  SUM,
  /** Product; 1 for no elements. */
  PROD,
  /** Largest; NaN if one is NaN. */
  MAX,
  /** Smallest; NaN if one is NaN. */
  MIN;

  /** What the empty reduction gives for sum and product. */
  public double identity() {
    return this == PROD ? 1 : 0;
  }

  /** Whether no elements is an error. */
  public boolean needsElements() {
    return this == MAX || this == MIN;
  }
}
