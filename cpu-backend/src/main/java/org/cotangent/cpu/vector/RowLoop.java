package org.cotangent.cpu.vector;

/** A generated loop. */
public interface RowLoop {
  /**
   * Runs over n elements.
   *
   * <p>A fold is left unfinished. Fold j of vectors of l lanes, over the first m elements, a multiple of 4 l: as rows of four vectors a, b, c, d
   * each lane is folded from left to right, and lanes[j l + i] becomes (a[i], c[i]), (b[i], d[i]), in pairs. The elements after those are put
   * into rest[4 j l] and the following.
   *
   * @param f by step, the array that its block, or its number, is in
   * @param at by step, where in that array it begins
   */
  void run(float[][] f, int[] at, float[] lanes, float[] rest, int n);
}
