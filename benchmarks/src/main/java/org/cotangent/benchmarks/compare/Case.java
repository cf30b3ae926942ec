package org.cotangent.benchmarks.compare;

/**
 * A line of the table.
 *
 * @param row group of lines that weigh equally in the mean
 * @param size what distinguishes the lines of a row
 * @param task the work
 * @param least the ratio, peer time by ours, that is asked of this line
 * @param loop whether the peer's way is a loop; such lines are left out of the mean
 */
public record Case(String row, String size, Task task, double least, boolean loop) {
  /** Row and size. */
  public String name() {
    return size.isEmpty() ? row : row + " " + size;
  }
}
