package org.cotangent.cpu.vector;

/** A generated loop. */
public interface RowLoop {
  /**
   * Runs over n elements.
   *
   * <p>A fold is left unfinished: totals[j l] becomes fold j of the first m elements, a multiple of four vectors of l lanes, as {@link LineFolds} has
   * it, or for a sum the lanes from there on that are still to be added, in halves: a call with a vector in a long method is not inlined and boxes
   * it. The elements after those are put into rest[4 j l] and the following.
   *
   * @param f by step, the array that its block, or its number, is in
   * @param at by step, where in that array it begins
   */
  void run(float[][] f, int[] at, float[] totals, float[] rest, int n);
}
