package org.cotangent.benchmarks.compare;

/** One case, prepared: inputs are made, the measured part is ready to run. */
public interface Work {
  /** The measured part: what a user writes for one result, computed when this returns. */
  void run();

  /** Numbers of one result, by which engines are compared; called once, before any measuring. */
  float[] result();

  /** What holds around a stretch of runs, such as a mode without gradients. */
  default AutoCloseable around() {
    return () -> {};
  }
}
