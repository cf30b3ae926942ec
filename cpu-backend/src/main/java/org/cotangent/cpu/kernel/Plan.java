package org.cotangent.cpu.kernel;

import java.util.Optional;

/**
 * How a block of a program is computed.
 *
 * @param stages what runs, in order
 * @param computed the steps whose blocks the stages write
 * @param registers by step: the number of its scratch block among those of its kind; -1 for one without
 * @param rows what does all that the stages do for several rows one after the other, if there is such code
 */
record Plan(Stage[] stages, int[] computed, int[] registers, Optional<Rows> rows) {
  /** Computes {@code rows} rows of n elements; {@link Frame#down} says how far apart they are. */
  @FunctionalInterface
  interface Rows {
    void run(Frame f, int n, int rows);
  }
}
