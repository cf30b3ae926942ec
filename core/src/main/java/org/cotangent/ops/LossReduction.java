package org.cotangent.ops;

/** What becomes of the losses of the single elements or examples. */
public enum LossReduction {
  /** Their mean; weighted, if the examples have weights. The default. */
  MEAN,
  /** Their sum. */
  SUM,
  /** They stay as they are. */
  NONE
}
