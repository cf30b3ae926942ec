package org.cotangent.examples.conformance;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table from PyTorch's qualified names to calls of this engine. */
final class Apis {
  private final Map<String, Api> table = new HashMap<>();
  private final Set<String> pointwise = new HashSet<>();

  /** All that is known. */
  static Apis all() {
    Apis apis = new Apis();
    PointwiseApis.register(apis);
    ElementApis.register(apis);
    apis.pointwise.addAll(apis.table.keySet());
    ReductionApis.register(apis);
    ShapeApis.register(apis);
    IndexingApis.register(apis);
    CreationApis.register(apis);
    ProductApis.register(apis);
    NnApis.register(apis);
    LinalgApis.register(apis);
    FactorApis.register(apis);
    StatisticsApis.register(apis);
    SelectApis.register(apis);
    PartApis.register(apis);
    FurtherApis.register(apis);
    BesselApis.register(apis);
    MaskedApis.register(apis);
    AliasApis.register(apis);
    return apis;
  }

  /** Adds one function. */
  void add(String api, Api f) {
    if (table.put(api, f) != null) {
      throw new IllegalArgumentException(api + " is in the table twice");
    }
  }

  /** Another name of a function that is known. */
  void alias(String alias, String name) {
    add(alias, find(name).orElseThrow(() -> new IllegalArgumentException(name + " is not in the table")));
    if (pointwise.contains(name)) {
      pointwise.add(alias);
    }
  }

  /** All names, sorted. */
  List<String> names() {
    return table.keySet().stream().sorted().toList();
  }

  /** Whether a function treats each element by itself. */
  boolean pointwise(String api) {
    return pointwise.contains(api);
  }

  /** The function of this name, if it is known. */
  Optional<Api> find(String api) {
    return Optional.ofNullable(table.get(api));
  }
}
