package org.cotangent.benchmarks.compare;

import java.util.Optional;

/** A library that does the tasks: Cotangent or a peer. */
public interface Engine {
  /** Name in tables. */
  String name();

  /** Version, with what it runs on. */
  String version();

  /** Sets the number of threads, once, before any work. */
  void threads(int n);

  /** The task made ready; empty where this library cannot express it. */
  Optional<Work> prepare(Task task);
}
