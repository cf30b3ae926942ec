package org.cotangent.data;

import java.util.stream.IntStream;
import org.cotangent.errors.IndexException;
import org.cotangent.spi.Philox;

/** Numbers of examples: their order, and their limits. */
final class Order {
  private Order() {}

  /** 0, ..., n - 1. */
  static int[] ascending(int n) {
    return IntStream.range(0, n).toArray();
  }

  /**
   * 0, ..., n - 1 in an order that only n, the seed and the epoch decide.
   *
   * <p>The algorithm is R. Durstenfeld's (Algorithm 235: Random permutation, CACM 7, 1964): for i from n - 1 down to 1, positions i and j
   * are exchanged, with j = floor(bits64(i) · (i + 1) / 2^64) and the 64 bits those of {@link Philox} with this seed and offset
   * -1 - epoch. Generators count offsets from 0 upwards, so one with the same seed draws other bits.
   */
  static int[] shuffled(int n, long seed, int epoch) {
    int[] order = ascending(n);
    for (int i = n - 1; i > 0; i--) {
      int j = (int) Math.unsignedMultiplyHigh(Philox.bits64(seed, -1L - epoch, i), i + 1L);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  /**
   * Refuses numbers of examples that are not there.
   *
   * @throws IndexException "get: no example 7; there are 5"
   */
  static void check(String operation, int size, int... indices) {
    for (int i : indices) {
      if (i < 0 || i >= size) {
        throw new IndexException(operation + ": no example " + i + "; there are " + size);
      }
    }
  }
}
