package org.cotangent.cpu.kernel;

import java.util.Arrays;
import java.util.function.Predicate;
import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/**
 * Runs a program over every element, block by block: each step is one loop over a block of at most {@link Block#SIZE} elements, so that values
 * between steps stay in the first-level cache.
 *
 * <p>Where the last axis is long, a block is a part of a row and operands that run along it are read and written in place. Where it is short, a
 * block is a number of rows: dense operands are still used in place, the others are gathered. What does not change from block to block is
 * loaded once.
 */
public final class Pointwise {
  /** Shorter rows are taken several at a time. */
  private static final int LONG_ROW = Block.SIZE / 4;
  /** Rows taken together where they are folded as they lie. */
  private static final int LINES = 64;
  /** Rows taken together are a multiple of so many where they are more, for whole vectors. */
  private static final int EVEN = 16;
  /** Elements from which on a transposed operand is copied first. */
  private static final int TRANSPOSED = 16 * 1024;
  private static final double[] NONE = {};

  private final Recipe recipe;
  private final Plan plan;
  private final Geometry space;
  /** Inputs, then outputs. */
  private final Object[] arrays;
  private final DType[] types;
  /** By operand: whether its elements lie in the order of the space without gaps. */
  private final boolean[] dense;
  private final int inner;
  private final long rows;
  /** Rows a block, or 1 where a row is one or more blocks. */
  private final int group;
  /** Elements in a block where the group is 1. */
  private final int block;
  /** Blocks a row where the group is 1. */
  private final int parts;
  /** How many outputs, the last ones, are added up over the rows. */
  private final int sums;
  /** Whether one call computes many rows, where they lie. */
  private final boolean together;

  /** With {@code whole} a row is never split, since the program folds rows. */
  private Pointwise(Recipe recipe, Geometry space, boolean whole, Object[] arrays, DType[] types, int sums) {
    this.recipe = recipe;
    this.sums = sums;
    this.space = space;
    this.arrays = arrays;
    this.types = types;
    inner = space.inner();
    rows = space.rows();
    dense = new boolean[arrays.length];
    for (int k = 0; k < dense.length; k++) {
      dense[k] = space.dense(k);
    }
    int most = recipe.lines && inputsInPlace() ? Math.max(LINES, Block.SIZE / inner) : inner < LONG_ROW ? Block.SIZE / inner : 1;
    group = (int) Math.min(rows, most < EVEN ? most : most / EVEN * EVEN);
    plan = !whole ? recipe.plan(space.size()) : group == 1 && inner >= LONG_ROW ? recipe.plan(inner, space.size()) : recipe.plan;
    block = whole ? Math.max(Block.SIZE, inner) : plan.stages().length == 1 && inPlace() ? recipe.grain : Block.SIZE;
    parts = (inner + block - 1) / block;
    together = whole && group == 1 && plan.rows().isPresent() && space.dims().length <= 2 && operandsInPlace();
  }

  /** Whether all that a row reads and writes lies in storage as in blocks: rows, and one number for each. */
  private boolean operandsInPlace() {
    boolean all = true;
    for (int i = 0; i < recipe.loads.length; i++) {
      int k = recipe.inputs[i];
      all &= Block.stored(types[k]) && (recipe.once[recipe.loads[i]] || space.step(k) == 1);
    }
    for (int j = 0; j < recipe.outputs.length - sums; j++) {
      all &= recipe.direct[j] ? space.step(output(j)) == 1 : recipe.single[j] && types[output(j)] == DType.FLOAT32;
    }
    return all;
  }

  /** The number of the operand that output {@code j} is. */
  private int output(int j) {
    return arrays.length - recipe.outputs.length + j;
  }

  /** How far apart the rows of an operand lie. */
  private int down(int k) {
    return space.dims().length == 1 ? 0 : space.strides()[k][0];
  }

  /** Whether all operands are read and written where they lie, so that blocks need no place in the first-level cache. */
  private boolean inPlace() {
    boolean all = group == 1 && recipe.constants.length == 0;
    for (int k = 0; k < arrays.length; k++) {
      all &= Block.stored(types[k]) && space.step(k) == 1;
    }
    return all;
  }

  /** Whether all inputs lie in storage as blocks of rows do. */
  private boolean inputsInPlace() {
    boolean all = true;
    for (int k = 0; k < arrays.length - recipe.outputs.length; k++) {
      all &= dense[k] && Block.stored(types[k]);
    }
    return all;
  }

  /** Output j of the program for every element; {@code heap} lends room for large operands that have to be transposed first. */
  public static void run(Heap heap, Pool pool, Program program, Operand[] in, Operand[] out) {
    if (Geometry.empty(out[0].layout())) {
      return;
    }
    Recipe recipe = Recipe.of(program);
    if (SmallPointwise.run(recipe, 1, in, out)) {
      return;
    }
    Operand[] straight = straightened(in, heap, pool, Pointwise::transposed);
    try {
      run(heap, pool, recipe, 0, straight, out, 0);
    } finally {
      free(in, straight);
    }
  }

  /**
   * As {@link #run(Heap, Pool, Program, Operand[], Operand[])}, for a program that folds rows: the elements along the last {@code axes} axes. The
   * last {@code sums} outputs are added up over the rows.
   */
  public static void rows(Heap heap, Pool pool, Program program, int axes, Operand[] in, Operand[] out, int sums) {
    Layout space = out[0].layout();
    if (Geometry.empty(space)) {
      return;
    }
    int lead = space.rank() - axes;
    int row = 1;
    for (int i = lead; i < space.rank(); i++) {
      row *= space.dims()[i];
    }
    Recipe recipe = Recipe.of(program, once(lead, row, in), once(lead, row, out));
    if (SmallPointwise.run(recipe, row, in, out)) {
      return;
    }
    Operand[] straight = straightened(in, heap, pool, o -> !Geometry.even(o.layout(), lead) || transposed(o));
    try {
      run(heap, pool, recipe, axes, straight, out, sums);
    } finally {
      free(in, straight);
    }
  }

  /** A bit for each operand that has one element for each row. */
  private static long once(int lead, int row, Operand[] operands) {
    long bits = 0;
    for (int j = 0; j < Math.min(operands.length, Long.SIZE); j++) {
      Layout l = operands[j].layout();
      boolean once = row > 1;
      for (int i = lead; i < l.rank(); i++) {
        once &= l.dims()[i] == 1 || l.strides()[i] == 0;
      }
      bits |= once ? 1L << j : 0;
    }
    return bits;
  }

  private static void free(Operand[] in, Operand[] straight) {
    for (int k = 0; k < in.length; k++) {
      if (straight[k] != in[k]) {
        straight[k].buffer().free();
      }
    }
  }

  /** The operands with those that are {@code awkward} replaced by dense copies. */
  private static Operand[] straightened(Operand[] in, Heap heap, Pool pool, Predicate<Operand> awkward) {
    Operand[] straight = in;
    for (int k = 0; k < in.length; k++) {
      if (awkward.test(in[k])) {
        Layout l = in[k].layout();
        Operand copy = new Operand(heap.allocate(in[k].dtype(), l.size()), Layout.dense(l.dims()));
        Copy.run(pool, in[k], copy);
        straight = straight == in ? in.clone() : straight;
        straight[k] = copy;
      }
    }
    return straight;
  }

  /** Whether an operand is large and transposed: tile by tile is the only fast way through that. */
  private static boolean transposed(Operand o) {
    Layout l = o.layout();
    return l.size() >= TRANSPOSED && !l.contiguous() && !repeats(l) && Transpose.fits(Geometry.of(l, Layout.dense(l.dims())));
  }

  private static boolean repeats(Layout l) {
    for (int i = 0; i < l.rank(); i++) {
      if (l.strides()[i] == 0 && l.dims()[i] > 1) {
        return true;
      }
    }
    return false;
  }

  private static void run(Heap heap, Pool pool, Recipe recipe, int axes, Operand[] in, Operand[] out, int sums) {
    Operand[] all = new Operand[in.length + out.length];
    System.arraycopy(in, 0, all, 0, in.length);
    System.arraycopy(out, 0, all, in.length, out.length);
    Object[] arrays = new Object[all.length];
    DType[] types = new DType[all.length];
    for (int k = 0; k < all.length; k++) {
      arrays[k] = HeapBuffer.data(all[k]);
      types[k] = all[k].dtype();
    }
    Geometry space = axes == 0 ? Geometry.of(all) : Geometry.rows(axes, all);
    new Pointwise(recipe, space, axes > 0, arrays, types, sums).run(heap, pool);
  }

  private void run(Heap heap, Pool pool) {
    long size = space.size();
    long blocks = group > 1 ? (rows + group - 1) / group : rows * parts;
    int pieces = size < 2L * recipe.grain ? 1 : (int) Math.min(blocks, Pool.pieces(size, recipe.grain));
    if (sums > 0) {
      // a piece has a number for each column, so it is worth some rows
      pieces = Math.min(pieces, Math.clamp(rows / RowSums.ROWS_A_PIECE, 1, RowSums.PIECES));
    } else if (pool.threads() == 1) {
      pieces = 1;
    }
    int count = pieces;
    if (sums > 0) {
      sums(heap, pool, count, blocks);
    } else if (pieces == 1) {
      new Walk().run(0, blocks);
    } else {
      pool.forEach(pieces, p -> new Walk().run(blocks * p / count, blocks * (p + 1) / count));
    }
  }

  /** As run, and stores what is added up over the rows. */
  private void sums(Heap heap, Pool pool, int pieces, long blocks) {
    HeapBuffer room = heap.allocate(DType.FLOAT64, (long) sums * pieces * inner);
    try {
      double[] all = (double[]) room.data();
      pool.forEach(pieces, p -> new Walk().run(blocks * p / pieces, blocks * (p + 1) / pieces, all, p, pieces));
      for (int j = 0; j < sums; j++) {
        int k = arrays.length - sums + j;
        RowSums.store(Fold.of(Reduction.SUM, types[k]), all, j, pieces, inner, types[k], arrays[k], space.offsets()[k], space.step(k));
      }
    } finally {
      room.free();
    }
  }

  /** One task: a range of blocks on one thread. */
  private final class Walk {
    private final Frame frame = Frame.current(recipe.steps);
    private final int ins = arrays.length - recipe.outputs.length;
    private final Cursor cursor = new Cursor(space);
    /** By load: that the block aliases the input, or holds it for good, or is to be loaded for each block. */
    private final Source[] sources = new Source[recipe.loads.length];
    private final boolean[] inPlace = new boolean[recipe.outputs.length];
    private final RowSums totals = sums == 0 ? null : new RowSums(recipe, frame, sums, inner, group);
    private boolean stores;
    private boolean gathers;

    void run(long from, long to) {
      run(from, to, NONE, 0, 1);
    }

    /** With the room for totals, if there are, and which piece of how many this is. */
    void run(long from, long to, double[] all, int piece, int pieces) {
      try {
        bind();
        if (together) {
          together((int) from, (int) to);
        } else if (group > 1) {
          groups(from, to);
        } else {
          parts(from, to);
        }
        if (totals != null) {
          totals.deliver(all, piece, pieces);
        }
      } finally {
        SmallPointwise.release(recipe, frame);
      }
    }

    private void bind() {
      int most = (int) Math.min(block, space.size());
      frame.row = inner;
      for (int i : plan.computed()) {
        frame.scratch(recipe.kinds[i], i, plan.registers()[i], most);
      }
      for (int i = 0; i < recipe.constants.length; i++) {
        int step = recipe.constants[i];
        frame.scratch(recipe.kinds[step], step, plan.registers()[step], most);
        frame.fill(recipe.kinds[step], step, recipe.values[i], most);
      }
      for (int i = 0; i < sources.length; i++) {
        sources[i] = bindInput(recipe.loads[i], recipe.inputs[i], most);
        if (totals != null && sources[i] == Source.ALIAS && dense[recipe.inputs[i]]) {
          totals.lies(recipe.loads[i]);
        }
      }
      for (int j = 0; j < inPlace.length - sums; j++) {
        int k = ins + j;
        inPlace[j] = together || recipe.direct[j] && (group > 1 ? dense[k] : space.step(k) == 1 || inner == 1);
        stores |= !inPlace[j];
        if (inPlace[j]) {
          frame.alias(recipe.kinds[recipe.outputs[j]], recipe.outputs[j], arrays[k]);
        }
      }
    }

    private Source bindInput(int step, int k, int most) {
      if (together || Block.stored(types[k]) && (group > 1 ? dense[k] : space.step(k) == 1)) {
        frame.alias(recipe.kinds[step], step, arrays[k]);
        return Source.ALIAS;
      }
      frame.scratch(recipe.kinds[step], step, plan.registers()[step], most);
      if (recipe.once[step] && !space.constant(k)) {
        gathers = true;
        return Source.LOAD;
      }
      if (space.constant(k)) {
        load(step, k, space.offsets()[k], 0, 0, most);
        return Source.HELD;
      }
      if (group > 1 && space.sameRows(k)) {
        for (int r = 0; r < group; r++) {
          load(step, k, space.offsets()[k], space.step(k), r * inner, inner);
        }
        return Source.HELD;
      }
      gathers = true;
      return Source.LOAD;
    }

    private void load(int step, int k, int at, int stride, int to, int n) {
      frame.load(recipe.kinds[step], step, types[k], arrays[k], at, stride, to, n);
    }

    private void store(int step, int k, int from, int at, int stride, int n) {
      frame.store(recipe.kinds[step], step, from, types[k], arrays[k], at, stride, stride == 0 ? Math.min(n, 1) : n);
    }

    private void compute(int n) {
      if (totals != null) {
        totals.place(n / inner);
      }
      for (Stage s : plan.stages()) {
        s.run(frame, n);
      }
      if (totals != null) {
        totals.take(n / inner);
      }
    }

    /** Rows that one call computes: all of them, or, where some are to be added up, as many as wait for that. */
    private void together(int from, int to) {
      Arrays.fill(frame.down, 0, recipe.steps, 0);
      for (int i = 0; i < sources.length; i++) {
        frame.down[recipe.loads[i]] = down(recipe.inputs[i]);
      }
      for (int j = 0; j < inPlace.length - sums; j++) {
        frame.down[recipe.outputs[j]] = down(ins + j);
      }
      int most = totals == null ? to - from : totals.most();
      for (int row = from; row < to; row += most) {
        int count = Math.min(most, to - row);
        for (int i = 0; i < sources.length; i++) {
          frame.at[recipe.loads[i]] = space.offsets()[recipe.inputs[i]] + row * down(recipe.inputs[i]);
        }
        for (int j = 0; j < inPlace.length - sums; j++) {
          frame.at[recipe.outputs[j]] = space.offsets()[ins + j] + row * down(ins + j);
        }
        if (totals != null) {
          totals.place(count);
        }
        plan.rows().get().run(frame, inner, count);
        if (totals != null) {
          totals.take(count);
        }
      }
    }

    /** Blocks that are parts of rows. */
    private void parts(long from, long to) {
      cursor.seek(from / parts);
      int part = (int) (from % parts);
      for (long b = from; b < to; b++) {
        int column = part * block;
        int n = Math.min(block, inner - column);
        part(column, n);
        if (++part == parts) {
          part = 0;
          cursor.next();
        }
      }
    }

    private void part(int column, int n) {
      for (int i = 0; i < sources.length; i++) {
        int k = recipe.inputs[i];
        int at = cursor.at[k] + column * space.step(k);
        if (sources[i] == Source.ALIAS) {
          frame.at[recipe.loads[i]] = at;
        } else if (sources[i] == Source.LOAD) {
          load(recipe.loads[i], k, at, space.step(k), 0, recipe.once[recipe.loads[i]] ? 1 : n);
        }
      }
      for (int j = 0; j < inPlace.length; j++) {
        if (inPlace[j]) {
          frame.at[recipe.outputs[j]] = cursor.at[ins + j] + column;
        }
      }
      compute(n);
      for (int j = 0; stores && j < inPlace.length - sums; j++) {
        int k = ins + j;
        if (!inPlace[j]) {
          store(recipe.outputs[j], k, 0, cursor.at[k] + column * space.step(k), space.step(k), n);
        }
      }
    }

    /** Blocks that are several rows. */
    private void groups(long from, long to) {
      Cursor behind = new Cursor(space);
      cursor.seek(from * group);
      behind.seek(from * group);
      for (long b = from; b < to; b++) {
        long first = b * group;
        int count = (int) Math.min(group, rows - first);
        place((int) (first * inner));
        if (gathers) {
          gather(count);
        }
        compute(count * inner);
        if (recipe.lines && space.dims().length == 2) {
          numbers(first, count);
          continue;
        }
        for (int r = 0; stores && r < count; r++) {
          scatter(behind, r);
          behind.next();
        }
      }
    }

    /** Stores one number for each of {@code count} rows from {@code first} on, where rows are evenly apart. */
    private void numbers(long first, int count) {
      for (int j = 0; j < inPlace.length; j++) {
        int k = ins + j;
        int down = space.strides()[k][0];
        frame.store(recipe.kinds[recipe.outputs[j]], recipe.outputs[j], 0, types[k], arrays[k], space.offsets()[k] + (int) first * down, down, count);
      }
    }

    private void place(int element) {
      for (int i = 0; i < sources.length; i++) {
        if (sources[i] == Source.ALIAS) {
          frame.at[recipe.loads[i]] = space.offsets()[recipe.inputs[i]] + element;
        }
      }
      for (int j = 0; j < inPlace.length; j++) {
        if (inPlace[j]) {
          frame.at[recipe.outputs[j]] = space.offsets()[ins + j] + element;
        }
      }
    }

    /** Loads the next rows, as many as lie evenly at a time. */
    private void gather(int count) {
      int last = space.dims().length - 2;
      int left = space.dims()[last] - cursor.index(last);
      for (int r = 0; r < count; ) {
        int m = Math.min(count - r, left);
        for (int i = 0; i < sources.length; i++) {
          if (sources[i] == Source.LOAD) {
            gather(recipe.loads[i], recipe.inputs[i], r, m);
          }
        }
        cursor.advance(m);
        r += m;
        left = space.dims()[last];
      }
    }

    private void gather(int step, int k, int r, int m) {
      int down = space.strides()[k][space.dims().length - 2];
      if (recipe.once[step]) {
        load(step, k, cursor.at[k], down, r, m);
        return;
      }
      frame.load(recipe.kinds[step], step, types[k], arrays[k], cursor.at[k], down, space.step(k), r * inner, m, inner);
    }

    private void scatter(Cursor behind, int r) {
      for (int j = 0; j < inPlace.length - sums; j++) {
        if (!inPlace[j]) {
          int k = ins + j;
          store(recipe.outputs[j], k, recipe.once[recipe.outputs[j]] ? r : r * inner, behind.at[k], space.step(k), inner);
        }
      }
    }
  }

  /** How a block gets an input. */
  private enum Source {
    ALIAS,
    HELD,
    LOAD
  }
}
