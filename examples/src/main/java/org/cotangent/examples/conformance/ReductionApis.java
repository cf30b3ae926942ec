package org.cotangent.examples.conformance;

/** Reductions, scans and sorting. */
final class ReductionApis {
  private ReductionApis() {}

  static void register(Apis apis) {}
}
