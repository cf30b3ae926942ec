package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.spi.Reduction;

/**
 * What one task adds up over the rows that it walks, for the last outputs of a program: rows are put side by side, and eight of them enter the totals
 * at a time, as in {@link Reduce}.
 */
final class RowSums {
  /** Rows of a task, at least: a task has totals of its own. */
  static final int ROWS_A_PIECE = 32;

  private final int inner;
  /** Rows that are put side by side. */
  private final int room;
  /** By sum: the step that is added up, its kind of block, the fold, the rows that wait, and the totals. */
  private final int[] steps;
  private final Block[] kinds;
  private final Fold[] folds;
  private final Object[] waiting;
  private final Object[] totals;
  /** By sum: whether the last stage of the step writes into what waits. */
  private final boolean[] direct;
  private int rows;

  /** For the last {@code sums} outputs of a recipe, with rows of {@code inner} elements that come {@code group} at a time. */
  RowSums(Recipe recipe, Frame frame, int sums, int inner, int group) {
    this.inner = inner;
    room = Math.max(group, Fold.ROWS);
    int first = recipe.outputs.length - sums;
    steps = java.util.Arrays.copyOfRange(recipe.outputs, first, recipe.outputs.length);
    direct = java.util.Arrays.copyOfRange(recipe.direct, first, recipe.outputs.length);
    kinds = new Block[sums];
    folds = new Fold[sums];
    waiting = new Object[sums];
    totals = new Object[sums];
    for (int j = 0; j < sums; j++) {
      kinds[j] = recipe.kinds[steps[j]];
      folds[j] = Fold.of(Reduction.SUM, kinds[j] == Block.F ? DType.FLOAT32 : DType.FLOAT64);
      waiting[j] = frame.waiting(kinds[j], j, room * inner);
      totals[j] = folds[j].accumulators(inner);
    }
  }

  /** Says where the next {@code count} rows are to be written. */
  void place(Frame frame, int count) {
    if (rows + count > room) {
      flush();
    }
    for (int j = 0; j < steps.length; j++) {
      if (direct[j]) {
        frame.alias(kinds[j], steps[j], waiting[j]);
        frame.at[steps[j]] = rows * inner;
      }
    }
  }

  /** Takes the {@code count} rows that were computed. */
  void take(Frame frame, int count) {
    for (int j = 0; j < steps.length; j++) {
      if (!direct[j]) {
        Object x = kinds[j] == Block.F ? frame.f[steps[j]] : frame.d[steps[j]];
        System.arraycopy(x, frame.at[steps[j]], waiting[j], rows * inner, count * inner);
      }
    }
    rows += count;
  }

  /** Adds up what waits; the last call of a task, whose frame others use then. */
  void flush() {
    for (int j = 0; j < steps.length; j++) {
      int r = 0;
      for (; r + Fold.ROWS <= rows; r += Fold.ROWS) {
        folds[j].rows(waiting[j], r * inner, inner, totals[j], inner);
      }
      for (; r < rows; r++) {
        folds[j].row(waiting[j], r * inner, totals[j], inner);
      }
    }
    rows = 0;
  }

  /** Adds the totals of another task. */
  void add(RowSums other) {
    for (int j = 0; j < steps.length; j++) {
      folds[j].merge(totals[j], 0, other.totals[j], 0, inner);
    }
  }

  /** Stores the totals of sum {@code j}. */
  void store(int j, DType type, Object y, int at, int step) {
    folds[j].store(totals[j], 0, type, y, at, step, inner);
  }
}
