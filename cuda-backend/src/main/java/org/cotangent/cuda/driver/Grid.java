package org.cotangent.cuda.driver;

/**
 * The shape of a launch: {@code x * y} blocks of {@code threads} threads, each with {@code shared} bytes of dynamic shared memory.
 */
public record Grid(int x, int y, int threads, int shared) {
  /** A row of blocks without dynamic shared memory. */
  public static Grid of(int blocks, int threads) {
    return new Grid(blocks, 1, threads, 0);
  }

  /** "grid [12, 1] x 256 threads, 0 bytes shared". */
  @Override
  public String toString() {
    return "grid [" + x + ", " + y + "] x " + threads + " threads, " + shared + " bytes shared";
  }
}
