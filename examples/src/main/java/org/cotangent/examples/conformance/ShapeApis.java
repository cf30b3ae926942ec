package org.cotangent.examples.conformance;

/** Views, and movement of elements. */
final class ShapeApis {
  private ShapeApis() {}

  static void register(Apis apis) {}
}
