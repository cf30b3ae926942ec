package org.cotangent.examples.conformance;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The table from PyTorch's qualified names to calls of this engine. */
final class Apis {
  private final Map<String, Api> table = new HashMap<>();

  /** All that is known. */
  static Apis all() {
    Apis apis = new Apis();
    PointwiseApis.register(apis);
    ReductionApis.register(apis);
    ShapeApis.register(apis);
    IndexingApis.register(apis);
    CreationApis.register(apis);
    ProductApis.register(apis);
    NnApis.register(apis);
    LinalgApis.register(apis);
    return apis;
  }

  /** Adds one function. */
  void add(String api, Api f) {
    if (table.put(api, f) != null) {
      throw new IllegalArgumentException(api + " is in the table twice");
    }
  }

  /** The function of this name, if it is known. */
  Optional<Api> find(String api) {
    return Optional.ofNullable(table.get(api));
  }
}
