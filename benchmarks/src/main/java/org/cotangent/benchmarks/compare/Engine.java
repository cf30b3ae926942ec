package org.cotangent.benchmarks.compare;

import java.util.Optional;

/** A library that does the tasks: Cotangent or a peer. */
public interface Engine {
  /** Name in tables. */
  String name();

  /** Version, with what it runs on. */
  String version();

  /** Copies natives out of their jars, where that has to be done before they are loaded; called once, if at all. */
  default void unpack() {}

  /** Sets the number of threads, once, before any work. */
  void threads(int n);

  /** The task made ready; empty where this library cannot express it. */
  Optional<Work> prepare(Task task);
}
