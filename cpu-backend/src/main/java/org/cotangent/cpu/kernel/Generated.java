package org.cotangent.cpu.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.cotangent.cpu.vector.LoopBody;
import org.cotangent.cpu.vector.Rehearsed;
import org.cotangent.cpu.vector.RowCompiler;
import org.cotangent.cpu.vector.RowLoop;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program.Step;

/**
 * The generated loops of a program, for whole rows where it folds rows, with the same bits as its stages. They are generated, and rehearsed until
 * they are fast, on a thread of their own once the program has run for some elements.
 */
final class Generated extends Rehearsed {
  /** Loops of more operations than this are slow: the compiler gives up on keeping vectors in registers. */
  private static final int MAX_OPERATIONS = 48;
  private static final int MAX_EXPONENTIALS = 2;
  /** Elements of a program that folds no rows that count as one: its stages are half as fast, not a fourth, and such programs are many. */
  private static final int POINTWISE = 64;

  private final List<Step> list;
  private final Phases phases;
  private final Recipe recipe;
  private final int worth;
  private final List<RowLoop> loops = new ArrayList<>();
  /** What the rehearsals run on. */
  private float[][] blocks;
  private long[][] longs;
  private final float[] totals;
  private final float[] rest;
  private Plan plan;

  Generated(List<Step> list, Recipe recipe) {
    this.list = list;
    this.recipe = recipe;
    worth = list.stream().anyMatch(s -> s.fn().row()) ? 1 : POINTWISE;
    phases = new Phases(list, recipe.once, recipe.outputs);
    int folds = phases.loops().stream().flatMap(List::stream).mapToInt(b -> b.folds().size()).max().orElse(0);
    totals = new float[folds * FloatOps.LANES];
    rest = new float[4 * folds * FloatOps.LANES];
  }

  /** Whether loops are to be generated: some loop does the work of several stages. */
  boolean worthwhile() {
    boolean several = false;
    for (LoopBody b : phases.loops().stream().flatMap(List::stream).toList()) {
      if (b.operations().size() > MAX_OPERATIONS || b.operations().stream().filter(o -> o.kind().exponential()).count() > MAX_EXPONENTIALS) {
        return false;
      }
      several |= b.operations().size() + b.folds().size() > 1;
    }
    return several;
  }

  /** The plan by generated loops for {@code n} elements if they are fast by now, else the one by stages. */
  Plan plan(long n) {
    if (vectors()) {
      return plan;
    }
    counted((int) Math.min(Math.ceilDiv(n, worth), Integer.MAX_VALUE));
    return recipe.plan;
  }

  @Override
  protected void once(int n) {
    if (plan == null) {
      generate();
      blocks = new float[list.size()][Block.SIZE];
      longs = new long[list.size()][1];
      for (float[] b : blocks) {
        Arrays.fill(b, 1);
        Arrays.fill(b, 16, 32, Float.NaN); // so that the compiler sees the ways that a loop has for what is no plain number
      }
    }
    int[] at = new int[list.size()];
    for (RowLoop l : loops) {
      l.run(blocks, longs, at, at, totals, rest, n, 2); // two rows, so that the compiler sees that there may be more than one
    }
  }

  /** The plan by generated loops. */
  Plan generate() {
    var stages = new ArrayList<Stage>();
    boolean alone = IntStream.range(0, list.size()).noneMatch(this::apart);
    int[] computed = Arrays.stream(recipe.plan.computed()).filter(i -> written(i, alone)).toArray();
    var kept = new TreeSet<Integer>();
    Arrays.stream(computed).filter(i -> recipe.once[i]).forEach(kept::add);
    var parts = new ArrayList<RowCompiler.Part>();
    for (int p = 0; p < phases.loops().size(); p++) {
      phases.loops().get(p).forEach(b -> parts.add(new RowCompiler.Part(Optional.of(b), List.of())));
      var numbers = new ArrayList<LoopBody.Operation>();
      parts.add(new RowCompiler.Part(Optional.empty(), numbers));
      for (int i = 0; i < list.size(); i++) {
        if (phases.phase(i) == p && apart(i)) {
          flush(parts, kept, stages);
          stages.add(recipe.stage(list, i));
          numbers = new ArrayList<>();
          parts.add(new RowCompiler.Part(Optional.empty(), numbers));
        } else if (phases.phase(i) == p) {
          phases.number(i).ifPresent(numbers::add);
        }
      }
    }
    flush(parts, kept, stages);
    plan = new Plan(stages.toArray(Stage[]::new), computed, registers(computed), alone ? Optional.of(rows(loops.getFirst())) : Optional.empty());
    return plan;
  }

  /** Whether a step has a stage of its own: it is neither part of a loop nor a number of the row. */
  private boolean apart(int i) {
    return Recipe.computes(list.get(i)) && !phases.looped(i) && !phases.absorbed(i) && phases.number(i).isEmpty();
  }

  /** Whether a step is written into its block: numbers of a row that no stage reads, and that are no output, stay where they are computed. */
  private boolean written(int i, boolean alone) {
    if (recipe.once[i]) {
      return !phases.absorbed(i) && (!alone || Arrays.stream(recipe.outputs).anyMatch(o -> o == i));
    }
    return !phases.absorbed(i) && (!phases.looped(i) || phases.stored(i));
  }

  /** Compiles loops and numbers that follow one another. */
  private void flush(List<RowCompiler.Part> parts, Set<Integer> kept, List<Stage> stages) {
    parts.removeIf(p -> p.loop().isEmpty() && p.numbers().isEmpty());
    if (parts.isEmpty()) {
      return;
    }
    var constants = new HashMap<Integer, Float>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).fn() == Fn.CONST) {
        constants.put(i, (float) list.get(i).value());
      }
    }
    var made = new TreeSet<Integer>();
    for (RowCompiler.Part p : parts) {
      p.loop().ifPresent(b -> b.folds().forEach(f -> made.add(f.z())));
      p.numbers().forEach(o -> made.add(o.z()));
    }
    made.retainAll(kept);
    RowLoop code = RowCompiler.compile(List.copyOf(parts), constants, made);
    loops.add(code);
    Plan.Rows rows = rows(code);
    stages.add((f, n) -> rows.run(f, n, 1));
    parts.clear();
  }

  private Plan.Rows rows(RowLoop code) {
    int folds = totals.length / FloatOps.LANES;
    return (f, n, rows) -> code.run(f.f, f.l, f.at, f.down, f.totals(folds), f.rest(folds), n, rows);
  }

  /** Every block that is computed has its own: loops run in another order than stages. */
  private int[] registers(int[] computed) {
    boolean[] written = new boolean[list.size()];
    for (int i : computed) {
      written[i] = true;
    }
    int[] r = new int[written.length];
    int[] used = new int[Block.values().length];
    for (int i = 0; i < r.length; i++) {
      boolean block = Recipe.computes(list.get(i)) ? written[i] : recipe.plan.registers()[i] >= 0;
      r[i] = block ? used[recipe.kinds[i].ordinal()]++ : -1;
    }
    return r;
  }
}
