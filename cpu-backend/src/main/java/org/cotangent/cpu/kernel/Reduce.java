package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/**
 * Sums, products and extremes over axes.
 *
 * <p>Where the reduced elements lie side by side, every result is a line that is folded by itself. Where the results' elements do, rows are folded
 * into a block of accumulators; narrow dense rows are taken several at a time. Few results of many elements are cut into parts that are folded
 * apart and merged in order. All of this depends on shapes and strides alone, so the bits do not depend on the number of threads.
 */
public final class Reduce {
  /** Elements a task, at least. */
  private static final int GRAIN = 32 * 1024;
  /** With fewer tasks than this, the elements of a result are divided. */
  private static final int TASKS = 32;
  private static final int MAX_PARTS = 64;
  /** Results that a task of lines holds at once. */
  private static final int BATCH = 256;

  private final Reduction kind;
  private final DType type;
  private final DType outType;
  private final Object x;
  private final Object y;
  /** The space of the results; operand 0 is the input, 1 the output. */
  private final Geometry kept;
  /** The space of the elements of one result, offset 0. */
  private final Geometry reduced;

  private Reduce(Reduction kind, Operand in, int[] axes, Operand out) {
    this.kind = kind;
    type = in.dtype();
    outType = out.dtype();
    x = HeapBuffer.data(in);
    y = HeapBuffer.data(out);
    kept = Geometry.of(Axes.select(in.layout(), axes, false), out.layout());
    Layout r = Axes.widestFirst(Axes.select(in.layout(), axes, true));
    reduced = Geometry.of(r.dims(), new int[][] {r.strides()}, new int[1]);
  }

  /** Reduces {@code axes}; {@code out} has the remaining axes. */
  public static void run(Pool pool, Reduction kind, Operand in, int[] axes, Operand out) {
    if (Geometry.empty(out.layout())) {
      return;
    }
    if (Geometry.empty(in.layout())) {
      Fill.run(out, kind.identity());
      return;
    }
    var r = new Reduce(kind, in, axes, out);
    if (r.kept.step(0) == 1 && r.kept.inner() > 1 && r.reduced.step(0) != 1) {
      r.columns(pool);
    } else {
      r.lines(pool);
    }
  }

  private static int parts(long tasks, long elements, long size) {
    return tasks >= TASKS || size < 2 * GRAIN ? 1 : Math.min(MAX_PARTS, Pool.pieces(elements * Math.min(tasks, TASKS), GRAIN));
  }

  private void lines(Pool pool) {
    long results = kept.size();
    long each = reduced.size();
    int parts = (int) Math.min(each, parts(results, each, results * each));
    if (parts > 1) {
      dividedLines(pool, (int) results, each, parts);
      return;
    }
    int pieces = (int) Math.min(results, Pool.pieces(results * each, GRAIN));
    pool.forEach(pieces, p -> lines(results * p / pieces, results * (p + 1) / pieces));
  }

  /** Results {@code from} to {@code to}, in batches that do not cross a row of the results. */
  private void lines(long from, long to) {
    Fold fold = Fold.of(kind, type);
    int inner = kept.inner();
    boolean isShort = reduced.dims().length == 1 && reduced.step(0) == 1 && reduced.inner() <= Fold.SHORT;
    Cursor c = kept.cursor(from / inner);
    for (long i = from; i < to; ) {
      int column = (int) (i % inner);
      int n = (int) Math.min(Math.min(BATCH, inner - column), to - i);
      Object acc = fold.accumulators(n);
      int at = c.at[0] + column * kept.step(0);
      if (isShort) {
        fold.shortLines(x, at, kept.step(0), reduced.inner(), acc, n);
      } else {
        for (int j = 0; j < n; j++) {
          range(fold, at + j * kept.step(0), 0, reduced.size(), acc, j);
        }
      }
      fold.store(acc, 0, outType, y, c.at[1] + column * kept.step(1), kept.step(1), n);
      i += n;
      if (column + n == inner) {
        c.next();
      }
    }
  }

  private void dividedLines(Pool pool, int results, long each, int parts) {
    Object[] partial = new Object[parts * results];
    pool.forEach(partial.length, t -> {
      int part = t % parts;
      Fold fold = Fold.of(kind, type);
      Object acc = fold.accumulators(1);
      range(fold, position(t / parts, 0), each * part / parts, each * (part + 1) / parts, acc, 0);
      partial[t] = acc;
    });
    Fold fold = Fold.of(kind, type);
    for (int i = 0; i < results; i++) {
      Object acc = partial[i * parts];
      for (int p = 1; p < parts; p++) {
        fold.merge(acc, 0, partial[i * parts + p], 0, 1);
      }
      fold.store(acc, 0, outType, y, position(i, 1), 1, 1);
    }
  }

  /** Where element {@code i} of the results lies in operand {@code k}. */
  private int position(int i, int k) {
    return kept.cursor(i / kept.inner()).at[k] + i % kept.inner() * kept.step(k);
  }

  /** Folds elements {@code from} to {@code to} of the result at {@code base} into acc[at]. */
  private void range(Fold fold, int base, long from, long to, Object acc, int at) {
    int inner = reduced.inner();
    int step = reduced.step(0);
    if (reduced.dims().length == 1) {
      fold.line(x, base + (int) from * step, step, (int) (to - from), acc, at);
      return;
    }
    Cursor c = reduced.cursor(from / inner);
    for (long i = from; i < to; ) {
      int column = (int) (i % inner);
      int n = (int) Math.min(inner - column, to - i);
      fold.line(x, base + c.at[0] + column * step, step, n, acc, at);
      i += n;
      c.next();
    }
  }

  private void columns(Pool pool) {
    int width = kept.inner();
    int group = group(width);
    int blocks = group > 1 ? 1 : (width + Fold.WIDTH - 1) / Fold.WIDTH;
    long tasks = kept.rows() * blocks;
    long each = reduced.size();
    int parts = (int) Math.min(each, parts(tasks, each * Math.min(width, Fold.WIDTH), each * kept.size()));
    if (parts > 1) {
      dividedColumns(pool, (int) tasks, blocks, group, each, parts);
      return;
    }
    int pieces = (int) Math.min(tasks, Pool.pieces(each * kept.size(), GRAIN));
    pool.forEach(pieces, p -> {
      Fold fold = Fold.of(kind, type);
      for (long t = tasks * p / pieces; t < tasks * (p + 1) / pieces; t++) {
        storeBlock(fold, t, blocks, block(fold, t, blocks, group, 0, each));
      }
    });
  }

  private void dividedColumns(Pool pool, int tasks, int blocks, int group, long each, int parts) {
    Object[] partial = new Object[tasks * parts];
    pool.forEach(partial.length, t -> {
      int part = t % parts;
      partial[t] = block(Fold.of(kind, type), t / parts, blocks, group, each * part / parts, each * (part + 1) / parts);
    });
    Fold fold = Fold.of(kind, type);
    for (int i = 0; i < tasks; i++) {
      Object acc = partial[i * parts];
      for (int p = 1; p < parts; p++) {
        fold.merge(acc, 0, partial[i * parts + p], 0, width(i, blocks));
      }
      storeBlock(fold, i, blocks, acc);
    }
  }

  /** How many narrow dense rows are folded as one wide row. */
  private int group(int width) {
    return width <= Fold.WIDTH / 4 && reduced.step(0) == width && reduced.inner() >= 2 * (Fold.WIDTH / width) ? Fold.WIDTH / width : 1;
  }

  private void storeBlock(Fold fold, long task, int blocks, Object acc) {
    int column = (int) (task % blocks) * Fold.WIDTH;
    Cursor c = kept.cursor(task / blocks);
    fold.store(acc, 0, outType, y, c.at[1] + column * kept.step(1), kept.step(1), width(task, blocks));
  }

  /** Columns of a task's block. */
  private int width(long task, int blocks) {
    return Math.min(Fold.WIDTH, kept.inner() - (int) (task % blocks) * Fold.WIDTH);
  }

  /** Accumulators of a block of columns over reduced elements {@code from} to {@code to}. */
  private Object block(Fold fold, long task, int blocks, int group, long from, long to) {
    int column = (int) (task % blocks) * Fold.WIDTH;
    int base = kept.cursor(task / blocks).at[0] + column;
    int width = width(task, blocks);
    Object acc = fold.accumulators(width * group);
    int inner = reduced.inner();
    Cursor c = reduced.cursor(from / inner);
    for (long i = from; i < to; ) {
      int first = (int) (i % inner);
      int n = (int) Math.min(inner - first, to - i);
      down(fold, base + c.at[0] + first * reduced.step(0), n, acc, width, group);
      i += n;
      c.next();
    }
    for (int g = 1; g < group; g++) {
      fold.merge(acc, 0, acc, g * width, width);
    }
    return acc;
  }

  /** Folds n rows of the block from {@code at} on. */
  private void down(Fold fold, int at, int n, Object acc, int width, int group) {
    int step = reduced.step(0) * group;
    int w = width * group;
    int wide = n / group;
    int i = 0;
    for (; i + Fold.ROWS <= wide; i += Fold.ROWS) {
      fold.rows(x, at + i * step, step, acc, w);
    }
    for (; i < wide; i++) {
      fold.row(x, at + i * step, acc, w);
    }
    for (int r = wide * group; r < n; r++) {
      fold.row(x, at + r * reduced.step(0), acc, width);
    }
  }
}
