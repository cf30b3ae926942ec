package org.cotangent.examples.conformance;

/** New tensors. */
final class CreationApis {
  private CreationApis() {}

  static void register(Apis apis) {}
}
