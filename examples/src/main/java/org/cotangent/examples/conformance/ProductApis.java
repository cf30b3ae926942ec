package org.cotangent.examples.conformance;

/** Products of vectors and matrices. */
final class ProductApis {
  private ProductApis() {}

  static void register(Apis apis) {}
}
