package org.cotangent.cpu.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.cotangent.cpu.vector.LineFolds;
import org.cotangent.cpu.vector.LoopBody;
import org.cotangent.cpu.vector.LoopCompiler;
import org.cotangent.cpu.vector.NumberCompiler;
import org.cotangent.cpu.vector.Rehearsed;
import org.cotangent.cpu.vector.RowLoop;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program.Step;
import org.cotangent.spi.Reduction;

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
  private final float[] totals;
  private final float[] rest;
  private Plan plan;

  Generated(List<Step> list, Recipe recipe) {
    this.list = list;
    this.recipe = recipe;
    worth = list.stream().anyMatch(s -> s.fn().row()) ? 1 : POINTWISE;
    phases = new Phases(list, recipe.once, recipe.outputs);
    int folds = phases.loops().stream().mapToInt(b -> b.folds().size()).max().orElse(0);
    totals = new float[folds * FloatOps.LANES];
    rest = new float[4 * folds * FloatOps.LANES];
  }

  /** Whether loops are to be generated: some loop does the work of several stages. */
  boolean worthwhile() {
    boolean several = false;
    for (LoopBody b : phases.loops()) {
      if (b.operations().size() > MAX_OPERATIONS || b.operations().stream().filter(o -> o.kind() == LoopBody.Kind.EXP).count() > MAX_EXPONENTIALS) {
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
      for (float[] b : blocks) {
        Arrays.fill(b, 1);
        Arrays.fill(b, 16, 32, Float.NaN); // so that the compiler sees the ways that a loop has for what is no plain number
      }
    }
    int[] at = new int[list.size()];
    for (RowLoop l : loops) {
      l.run(blocks, at, totals, rest, n);
    }
    for (int j = 0; j < totals.length; j += FloatOps.LANES) {
      LineFolds.halves(totals, j);
    }
  }

  /** The plan by generated loops. */
  Plan generate() {
    var stages = new ArrayList<Stage>();
    for (int p = 0; p < phases.loops().size(); p++) {
      LoopBody body = phases.loops().get(p);
      if (body.stores().size() + body.folds().size() > 0) {
        RowLoop loop = LoopCompiler.compile(body);
        loops.add(loop);
        stages.add(stage(loop, body.folds()));
      }
      after(p, stages);
    }
    plan = new Plan(stages.toArray(Stage[]::new), computed(), registers());
    return plan;
  }

  /** Adds what comes after loop p: numbers of the row, those in a row in one stage, and functions that are no part of loops. */
  private void after(int p, List<Stage> stages) {
    var numbers = new ArrayList<LoopBody.Operation>();
    for (int i = 0; i < list.size(); i++) {
      if (!Recipe.computes(list.get(i)) || phases.looped(i) || phases.absorbed(i) || phases.phase(i) != p) {
        continue;
      }
      Optional<LoopBody.Operation> number = phases.number(i);
      if (number.isPresent()) {
        numbers.add(number.get());
      } else {
        flush(numbers, stages);
        stages.add(recipe.stage(list, i));
      }
    }
    flush(numbers, stages);
  }

  private void flush(List<LoopBody.Operation> numbers, List<Stage> stages) {
    if (numbers.isEmpty()) {
      return;
    }
    var constants = new HashMap<Integer, Float>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).fn() == Fn.CONST) {
        constants.put(i, (float) list.get(i).value());
      }
    }
    RowLoop code = NumberCompiler.compile(List.copyOf(numbers), constants);
    stages.add((s, n) -> code.run(s.f, s.at, totals, rest, n));
    numbers.clear();
  }

  private static Stage stage(RowLoop loop, List<LoopBody.Fold> folds) {
    return (s, n) -> {
      float[] totals = s.totals(folds.size());
      float[] rest = s.rest(folds.size());
      loop.run(s.f, s.at, totals, rest, n);
      for (int j = 0; j < folds.size(); j++) {
        LoopBody.Fold f = folds.get(j);
        s.f[f.z()][s.at[f.z()]] = FloatFold.finish(kind(f), whole(f, totals, j * FloatOps.LANES), rest, 4 * j * FloatOps.LANES, n % (4 * FloatOps.LANES));
      }
    };
  }

  private static float whole(LoopBody.Fold f, float[] totals, int at) {
    return f.kind() == LoopBody.Kind.ADD ? LineFolds.halves(totals, at) : totals[at];
  }

  private static Reduction kind(LoopBody.Fold f) {
    return switch (f.kind()) {
      case MAX -> Reduction.MAX;
      case MIN -> Reduction.MIN;
      default -> Reduction.SUM;
    };
  }

  private int[] computed() {
    return Arrays.stream(recipe.plan.computed()).filter(i -> !phases.absorbed(i) && (!phases.looped(i) || recipe.once[i] || phases.stored(i))).toArray();
  }

  /** Every block that is computed has its own: loops run in another order than stages. */
  private int[] registers() {
    boolean[] written = new boolean[list.size()];
    for (int i : computed()) {
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
