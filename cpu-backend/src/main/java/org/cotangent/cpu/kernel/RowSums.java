package org.cotangent.cpu.kernel;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.spi.Reduction;

/**
 * What one task adds up over the rows that it walks, for the last outputs of a program: rows are put side by side, unless they lie so in an input, and
 * eight of them enter the totals at a time, as in {@link Reduce}.
 */
final class RowSums {
  /** Rows of a task, at least: a task has totals of its own. */
  static final int ROWS_A_PIECE = 32;
  /** Tasks, at most. */
  static final int PIECES = 64;

  private final Frame frame;
  private final int inner;
  /** Rows that are put side by side. */
  private final int room;
  /** By sum: the step that is added up, its kind of block, the fold, the rows that wait, and the totals. */
  private final int[] steps;
  private final Block[] kinds;
  private final Fold[] folds;
  private final Object[] waiting;
  private final double[][] totals;
  /** By sum: whether the last stage of the step writes into what waits. */
  private final boolean[] direct;
  /** By sum: whether the rows are those of an input and lie side by side there, and where the first that waits does. */
  private final boolean[] lie;
  private final int[] first;
  private int rows;

  /** For the last {@code sums} outputs of a recipe, with rows of {@code inner} elements that come {@code group} at a time. */
  RowSums(Recipe recipe, Frame frame, int sums, int inner, int group) {
    this.frame = frame;
    this.inner = inner;
    room = Math.max(group, Fold.ROWS);
    int before = recipe.outputs.length - sums;
    steps = Arrays.copyOfRange(recipe.outputs, before, recipe.outputs.length);
    direct = Arrays.copyOfRange(recipe.direct, before, recipe.outputs.length);
    kinds = new Block[sums];
    folds = new Fold[sums];
    waiting = new Object[sums];
    totals = new double[sums][];
    lie = new boolean[sums];
    first = new int[sums];
    for (int j = 0; j < sums; j++) {
      kinds[j] = recipe.kinds[steps[j]];
      folds[j] = frame.fold(kinds[j], Reduction.SUM);
      totals[j] = frame.totals(j, inner);
    }
  }

  /** Says that the value of a step is an input whose rows lie side by side. */
  void lies(int step) {
    for (int j = 0; j < steps.length; j++) {
      lie[j] |= steps[j] == step;
    }
  }

  /** How many rows one call may compute: one where some are to be copied. */
  int most() {
    boolean copied = false;
    for (int j = 0; j < steps.length; j++) {
      copied |= !direct[j] && !lie[j];
    }
    return copied ? 1 : room;
  }

  /** Says where the next {@code count} rows are to be written. */
  void place(int count) {
    if (rows + count > room) {
      flush();
    }
    for (int j = 0; j < steps.length; j++) {
      if (lie[j]) {
        first[j] = rows == 0 ? frame.at[steps[j]] : first[j];
        continue;
      }
      waiting[j] = waiting[j] == null ? frame.waiting(kinds[j], j, room * inner) : waiting[j];
      if (direct[j]) {
        frame.alias(kinds[j], steps[j], waiting[j]);
        frame.at[steps[j]] = rows * inner;
        frame.down[steps[j]] = inner;
      }
    }
  }

  /** Takes the {@code count} rows that were computed. */
  void take(int count) {
    for (int j = 0; j < steps.length; j++) {
      if (!direct[j] && !lie[j]) {
        System.arraycopy(block(j), frame.at[steps[j]], waiting[j], rows * inner, count * inner);
      }
    }
    rows += count;
  }

  private Object block(int j) {
    return kinds[j] == Block.F ? frame.f[steps[j]] : frame.d[steps[j]];
  }

  /** Adds up what waits. */
  private void flush() {
    for (int j = 0; j < steps.length; j++) {
      Object x = lie[j] ? block(j) : waiting[j];
      int r = 0;
      for (; r + Fold.ROWS <= rows; r += Fold.ROWS) {
        folds[j].rows(x, first[j] + r * inner, inner, totals[j], inner);
      }
      for (; r < rows; r++) {
        folds[j].row(x, first[j] + r * inner, totals[j], inner);
      }
    }
    rows = 0;
  }

  /** Ends a task, whose frame others use then: the totals of sum j become numbers {@code (j pieces + piece) inner} and following. */
  void deliver(double[] all, int piece, int pieces) {
    flush();
    for (int j = 0; j < steps.length; j++) {
      System.arraycopy(totals[j], 0, all, (j * pieces + piece) * inner, inner);
    }
  }

  /** Adds up the totals of all tasks for sum {@code j}, piece after piece, and stores them. */
  static void store(Fold fold, double[] all, int j, int pieces, int inner, DType type, Object y, int at, int step) {
    int own = j * pieces * inner;
    for (int p = 1; p < pieces; p++) {
      fold.merge(all, own, all, own + p * inner, inner);
    }
    fold.store(all, own, type, y, at, step, inner);
  }
}
