package org.cotangent.spi;

import java.util.List;

/** Devices of one kind that compute together. */
public interface Collective extends AutoCloseable {
  /**
   * Replaces each element of every operand by its sum over all operands, of which number i lies on device i.
   *
   * @param operands dense, of one size and type
   */
  void sum(List<Operand> operands);

  /** Gives back what the devices hold for each other; later use is refused. */
  @Override
  void close();
}
