package org.cotangent.examples.conformance;

/** torch.linalg, and what is kin to it. */
final class LinalgApis {
  private LinalgApis() {}

  static void register(Apis apis) {}
}
