package org.cotangent.examples.conformance;

/** Functions of single elements. */
final class PointwiseApis {
  private PointwiseApis() {}

  static void register(Apis apis) {}
}
