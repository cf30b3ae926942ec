package org.cotangent.cpu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.expr.Program.Step;
import org.cotangent.spi.Reduction;

/** A program resolved to loops: what the block interpreter runs. Made once for each program and kept for the most recent thousands. */
final class Recipe {
  private static final int CACHED = 4096;
  private static final ConcurrentHashMap<Identity, Recipe> CACHE = new ConcurrentHashMap<>();
  /** Elements a task, for programs of arithmetic and for those with an expensive function. */
  private static final int GRAIN = 16 * 1024;
  private static final int EXPENSIVE_GRAIN = 4 * 1024;

  /** Number of steps. */
  final int steps;
  /** By step: the kind of block its value is in. */
  final Block[] kinds;
  /** A stage for each step that computes. */
  final Plan plan;
  /** Loops that do the work of several stages, if there are. */
  private final Optional<Generated> generated;
  /** The steps that load an input, and by the same index which input. */
  final int[] loads;
  final int[] inputs;
  /** The steps of constants that are read as blocks, and by the same index their values. */
  final int[] constants;
  final double[] values;
  /** By output: its step. */
  final int[] outputs;
  /** By step: whether its block holds one number a row. */
  final boolean[] once;
  /** Whether rows are folded as they lie in the inputs, and nothing else is computed for each element. */
  final boolean lines;
  /** By output: whether the last stage may write it in place. */
  final boolean[] direct;
  /** By output: whether it is one number a row that is computed, for this output alone. */
  final boolean[] single;
  /** The steps that compute something other than an output that may be written in place. */
  final int[] between;
  /** The one function of a program that is a float32 function of its two inputs in their order; else null. */
  final Loops.F2 pair;
  /** Elements a task. */
  final int grain;

  /** Programs are cached by whoever makes them, so identity finds nearly all and costs no hashing of steps. */
  private record Identity(Program program, long given, long stored) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Identity i && i.program == program && i.given == given && i.stored == stored;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(program) + 31 * Long.hashCode(given) + Long.hashCode(stored);
    }
  }

  /** The recipe of a program without row functions. */
  static Recipe of(Program program) {
    return of(program, 0, 0);
  }

  /** The recipe of a program; the bits of {@code given} and {@code stored} tell which inputs and outputs are one number a row. */
  static Recipe of(Program program, long given, long stored) {
    var key = new Identity(program, given, stored);
    Recipe r = CACHE.get(key);
    if (r == null) {
      r = new Recipe(program, given, stored);
      if (CACHE.size() >= CACHED) {
        CACHE.clear();
      }
      CACHE.put(key, r);
    }
    return r;
  }

  private Recipe(Program p, long given, long stored) {
    List<Step> list = p.steps();
    steps = list.size();
    kinds = new Block[steps];
    outputs = p.outputs();
    once = RowValues.of(list, outputs, given, stored);
    direct = new boolean[outputs.length];
    single = new boolean[outputs.length];
    boolean expensive = false;
    for (int i = 0; i < steps; i++) {
      kinds[i] = Block.of(list.get(i).type());
      expensive |= list.get(i).fn().expensive();
    }
    grain = expensive ? EXPENSIVE_GRAIN : GRAIN;
    loads = select(list, Fn.ARG);
    inputs = new int[loads.length];
    for (int i = 0; i < loads.length; i++) {
      inputs[i] = list.get(loads[i]).index();
    }
    boolean[] read = readAsBlocks(list);
    constants = IntStream.of(select(list, Fn.CONST)).filter(i -> read[i]).toArray();
    values = IntStream.of(constants).mapToDouble(i -> list.get(i).value()).toArray();
    lines = lines(list);
    int[] computed = IntStream.range(0, steps).filter(i -> computes(list.get(i))).toArray();
    plan = new Plan(IntStream.of(computed).mapToObj(i -> stage(list, i)).toArray(Stage[]::new), computed, registers(list, read), Optional.empty());
    markDirect(p);
    between = IntStream.of(computed).filter(i -> IntStream.range(0, outputs.length).noneMatch(j -> direct[j] && outputs[j] == i)).toArray();
    pair = pair(p);
    generated = FloatTiers.VECTORS ? Optional.of(new Generated(list, this)).filter(Generated::worthwhile) : Optional.empty();
  }

  /** How to compute whole rows of {@code inner} elements, one after the other, {@code n} elements in all. */
  Plan plan(int inner, long n) {
    return inner > FloatFold.RUN ? plan : plan(n);
  }

  /** How to compute {@code n} elements, blocks of any length at a time where no rows are folded. */
  Plan plan(long n) {
    return generated.isEmpty() ? plan : generated.get().plan(n);
  }

  static boolean computes(Step s) {
    return s.fn() != Fn.ARG && s.fn() != Fn.CONST;
  }

  private boolean lines(List<Step> list) {
    boolean folds = false;
    for (int i = 0; i < steps; i++) {
      if (computes(list.get(i)) && !once[i]) {
        return false;
      }
      folds |= list.get(i).fn().row();
    }
    for (int o : outputs) {
      folds &= once[o];
    }
    return folds;
  }

  private static Loops.F2 pair(Program p) {
    List<Step> list = p.steps();
    boolean two = list.size() == 3 && p.outputs().length == 1 && p.outputs()[0] == 2 && list.get(2).type() == DType.FLOAT32
        && list.get(2).fn().arity() == 2 && !list.get(2).fn().comparison() && list.get(2).a() == 0 && list.get(2).b() == 1;
    for (int i = 0; two && i < 2; i++) {
      two = list.get(i).fn() == Fn.ARG && list.get(i).index() == i && list.get(i).type() == DType.FLOAT32;
    }
    return two ? Functions.float2(list.get(2).fn()) : null;
  }

  private static int[] select(List<Step> list, Fn fn) {
    return IntStream.range(0, list.size()).filter(i -> list.get(i).fn() == fn).toArray();
  }

  /** The stage of step i. */
  Stage stage(List<Step> list, int i) {
    Step s = list.get(i);
    int number = once[i] ? -1 : RowValues.number(list, s, once);
    if (s.fn().row()) {
      return Stage.fold(Block.of(s.type()), s.fn() == Fn.ROW_SUM ? Reduction.SUM : s.fn() == Fn.ROW_MAX ? Reduction.MAX : Reduction.MIN, s.a(), i, once[i]);
    }
    if (once[i]) {
      Stage each = stage(list, s, i);
      return (f, n) -> each.run(f, n / f.row);
    }
    if (number >= 0) {
      return withNumber(s, number == 0, i);
    }
    Stage full = stage(list, s, i);
    int slot = 0;
    for (int x : IntStream.of(s.a(), s.b(), s.c()).filter(o -> o >= 0 && once[o]).distinct().toArray()) {
      full = Stage.spreading(full, x, slot++);
    }
    return full;
  }

  /** A full step one of whose operands, the first if {@code swapped}, is a number for each row. */
  private static Stage withNumber(Step s, boolean swapped, int z) {
    int x = swapped ? s.b() : s.a();
    int c = swapped ? s.a() : s.b();
    return Block.of(s.type()) == Block.F
        ? Stage.fr(Functions.floatConstant(s.fn(), swapped), x, c, z)
        : Stage.dr(Functions.doubleConstant(s.fn(), swapped), x, c, z);
  }

  private static Stage stage(List<Step> list, Step s, int z) {
    Fn fn = s.fn();
    if (fn == Fn.WHERE) {
      return Stage.where(Block.of(s.type()), s.a(), s.b(), s.c(), z);
    }
    if (fn == Fn.CAST) {
      return Stage.cast(s.from(), s.type(), s.a(), z);
    }
    if (fn.arity() == 1) {
      return unary(s, z);
    }
    if (fn.comparison()) {
      return compare(s, z);
    }
    int constant = constantOperand(list, s);
    return constant < 0 ? binary(s, z) : withConstant(list, s, constant, z);
  }

  private static Stage unary(Step s, int z) {
    return switch (Block.of(s.type())) {
      case F -> Stage.f1(Functions.float1(s.fn()), s.a(), z);
      case D -> Stage.d1(Functions.double1(s.fn()), s.a(), z);
      case L -> Stage.l1(s.type(), Functions.long1(s.fn()), s.a(), z);
      case B -> Stage.b1(Functions.bool1(s.fn()), s.a(), z);
    };
  }

  private static Stage compare(Step s, int z) {
    return switch (Block.of(s.from())) {
      case F -> Stage.fb(Functions.floatCompare(s.fn()), s.a(), s.b(), z);
      case D -> Stage.db(Functions.doubleCompare(s.fn()), s.a(), s.b(), z);
      case L -> Stage.lb(Functions.longCompare(s.fn()), s.a(), s.b(), z);
      case B -> Stage.b2(Functions.bool2(s.fn()), s.a(), s.b(), z);
    };
  }

  private static Stage binary(Step s, int z) {
    return switch (Block.of(s.type())) {
      case F -> Stage.f2(Functions.float2(s.fn()), s.a(), s.b(), z);
      case D -> Stage.d2(Functions.double2(s.fn()), s.a(), s.b(), z);
      case L -> Stage.l2(s.type(), Functions.long2(s.fn()), s.a(), s.b(), z);
      case B -> Stage.b2(Functions.bool2(s.fn()), s.a(), s.b(), z);
    };
  }

  /** The operand (0 or 1) that is a constant which the loop takes as a number, or -1. */
  private static int constantOperand(List<Step> list, Step s) {
    if (s.fn().arity() != 2 || s.fn().comparison() || !s.type().floating() || Functions.floatConstant(s.fn(), false) == null) {
      return -1;
    }
    return list.get(s.b()).fn() == Fn.CONST ? 1 : list.get(s.a()).fn() == Fn.CONST ? 0 : -1;
  }

  private static Stage withConstant(List<Step> list, Step s, int operand, int z) {
    boolean swapped = operand == 0;
    double c = list.get(swapped ? s.a() : s.b()).value();
    int x = swapped ? s.b() : s.a();
    return s.type() == DType.FLOAT32
        ? Stage.fc(Functions.floatConstant(s.fn(), swapped), x, (float) c, z)
        : Stage.dc(Functions.doubleConstant(s.fn(), swapped), x, c, z);
  }

  /** By step: whether a stage or an output reads it as a block. */
  private boolean[] readAsBlocks(List<Step> list) {
    boolean[] read = new boolean[steps];
    for (Step s : list) {
      int constant = computes(s) ? constantOperand(list, s) : -1;
      mark(read, constant == 0 ? -1 : s.a());
      mark(read, constant == 1 ? -1 : s.b());
      mark(read, s.c());
    }
    for (int o : outputs) {
      read[o] = true;
    }
    return read;
  }

  private static void mark(boolean[] read, int step) {
    if (step >= 0) {
      read[step] = true;
    }
  }

  /**
   * Scratch blocks: inputs, constants and numbers of rows have their own; the others are reused from the last reader on, which may write
   * its result over its operand.
   */
  private int[] registers(List<Step> list, boolean[] read) {
    int[] last = new int[steps];
    for (int i = 0; i < steps; i++) {
      last[i] = i;
      Step s = list.get(i);
      for (int x : new int[] {s.a(), s.b(), s.c()}) {
        if (x >= 0) {
          last[x] = i;
        }
      }
    }
    for (int o : outputs) {
      last[o] = steps;
    }
    int[] r = new int[steps];
    int[] used = new int[Block.values().length];
    var free = new ArrayList<ArrayList<Integer>>();
    for (int k = 0; k < used.length; k++) {
      free.add(new ArrayList<>());
    }
    for (int i = 0; i < steps; i++) {
      int k = kinds[i].ordinal();
      if (!computes(list.get(i))) {
        r[i] = list.get(i).fn() == Fn.ARG || read[i] ? used[k]++ : -1;
        continue;
      }
      for (int j = 0; j < i; j++) {
        if (last[j] == i && computes(list.get(j)) && !once[j]) {
          free.get(kinds[j].ordinal()).add(r[j]);
        }
      }
      r[i] = once[i] || free.get(k).isEmpty() ? used[k]++ : free.get(k).removeLast();
      if (last[i] == i && !once[i]) {
        free.get(k).add(r[i]);
      }
    }
    return r;
  }

  private void markDirect(Program p) {
    for (int j = 0; j < outputs.length; j++) {
      Step s = p.steps().get(outputs[j]);
      boolean alone = computes(s) && Block.stored(s.type());
      for (int i = 0; i < outputs.length; i++) {
        alone &= i == j || outputs[i] != outputs[j] || i > j && !once[outputs[j]];
      }
      direct[j] = alone && !once[outputs[j]];
      single[j] = alone && once[outputs[j]];
    }
  }
}
