package org.cotangent.examples.conformance;

/** Selection and writing by position. */
final class IndexingApis {
  private IndexingApis() {}

  static void register(Apis apis) {}
}
