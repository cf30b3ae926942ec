package org.cotangent.cpu.vector;

/** Generated code for rows of a program. */
public interface RowLoop {
  /**
   * Runs over {@code rows} rows of n elements.
   *
   * @param f by step, the array of float32 that its block, or its number, is in
   * @param l by step, the array of int64 that its number is in
   * @param at by step, where in that array it begins for the first row
   * @param down by step, how far from there it begins for the next row
   * @param totals room for a vector for each fold of a loop
   * @param rest room for four vectors for each fold of a loop
   */
  void run(float[][] f, long[][] l, int[] at, int[] down, float[] totals, float[] rest, int n, int rows);
}
