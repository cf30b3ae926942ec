package org.cotangent.cuda.driver;

import java.util.IdentityHashMap;
import java.util.Map;

/** What one stream's work touches while it is recorded into a graph instead of run. */
final class Capture {
  private final Stream stream;
  private final Pool pool;
  /** Memory that the recorded work uses, and whether it writes there. */
  private final Map<Holding, Boolean> used = new IdentityHashMap<>();
  /** Buffers from outside that are used, kept alive by the graph. */
  private final Map<DeviceBuffer, Boolean> outside = new IdentityHashMap<>();
  private boolean reports;

  Capture(Stream stream, Pool pool) {
    this.stream = stream;
    this.pool = pool;
  }

  Stream stream() {
    return stream;
  }

  /** Where memory allocated meanwhile comes from; the graph keeps it. */
  Pool pool() {
    return pool;
  }

  void uses(Holding holding, DeviceBuffer buffer, boolean writes) {
    used.merge(holding, writes, Boolean::logicalOr);
    if (!holding.in(pool)) {
      outside.merge(buffer, writes, Boolean::logicalOr);
    }
  }

  /** Notes a kernel that may report an index error. */
  void mayReport() {
    reports = true;
  }

  /** Before a replay on {@code on}: orders it after other streams' work on the same memory; refuses memory that was freed since. */
  void prepare(Stream on) {
    outside.forEach((buffer, writes) -> buffer.use(on, 0, writes, "replay"));
    used.forEach((holding, writes) -> {
      if (writes && holding.in(pool)) {
        holding.rewritten(on);
      }
    });
    on.inherit(stream);
    if (reports) {
      stream.errors().replayed();
    }
  }
}
