package org.cotangent.cpu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.cpu.vector.LoopBody;
import org.cotangent.cpu.vector.LoopBody.Kind;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program.Step;

/**
 * A program that walks rows, cut into loops: phase p is one loop over the row, which computes all arithmetic and folds that need nothing but
 * what phases before it left, and after it what is no part of a loop: numbers of the row, and functions such as exp.
 *
 * <p>A value that a later phase or a function reads is stored, but where it is a few cheap operations on inputs, and rows are folded or all outputs
 * are written by the last loop: then it is computed again.
 */
final class Phases {
  /** What is computed again in a later loop reads so many blocks by so many operations, at most. */
  private static final int AGAIN_BLOCKS = 2;
  private static final int AGAIN_OPERATIONS = 3;

  private final List<Step> list;
  private final boolean[] once;
  /** Whether an input is there to be read again in a later loop; an output may be written over it. */
  private final boolean lasting;
  /** By step: whether it is part of a loop. */
  private final boolean[] looped;
  /** By step: the loop that it is computed in, or that it comes after. */
  private final int[] phase;
  private final boolean[] stored;
  /** By step: whether it is a comparison that only choices read, in loops or of numbers of the row, each of which makes it itself. */
  private final boolean[] absorbed;
  /** By phase: its loops. */
  private final List<List<LoopBody>> bodies = new ArrayList<>();

  Phases(List<Step> list, boolean[] once, int[] outputs) {
    this.list = list;
    this.once = once;
    looped = new boolean[once.length];
    phase = new int[once.length];
    stored = new boolean[once.length];
    absorbed = new boolean[once.length];
    for (int i = 0; i < once.length; i++) {
      absorbed[i] = absorbed(i, outputs);
    }
    int count = 0;
    for (int i = 0; i < once.length; i++) {
      place(i);
      count = Math.max(count, phase[i] + 1);
    }
    boolean last = true;
    for (int o : outputs) {
      stored[o] = true;
      last &= looped[o] && phase[o] == count - 1;
    }
    lasting = last || list.stream().anyMatch(s -> s.fn().row());
    for (int p = count - 1; p >= 0; p--) {
      bodies.addFirst(bodies(p));
    }
  }

  /** The loops of each phase. */
  List<List<LoopBody>> loops() {
    return bodies;
  }

  /** Whether a step is part of a loop. */
  boolean looped(int step) {
    return looped[step];
  }

  /** Whether a step needs neither loop nor stage, being part of others. */
  boolean absorbed(int step) {
    return absorbed[step];
  }

  private boolean absorbed(int i, int[] outputs) {
    Step s = list.get(i);
    boolean all = s.fn().comparison() && s.from() == DType.FLOAT32;
    for (int o : outputs) {
      all &= o != i;
    }
    for (int j = i + 1; all && j < once.length; j++) {
      Step r = list.get(j);
      boolean choice = r.fn() == Fn.WHERE && r.type() == DType.FLOAT32 && once[j] == once[i] && r.b() != i && r.c() != i;
      all = choice || r.a() != i && r.b() != i && r.c() != i;
    }
    return all;
  }

  /** The loop of a step, or that it comes after. */
  int phase(int step) {
    return phase[step];
  }

  /** Whether a step of a loop has its elements stored in a block. */
  boolean stored(int step) {
    return stored[step];
  }

  private void place(int i) {
    Step s = list.get(i);
    if (s.fn() == Fn.ARG || s.fn() == Fn.CONST || absorbed[i]) {
      return;
    }
    looped[i] = s.type() == DType.FLOAT32 && (once[i] ? s.fn().row() && !once[s.a()] && list.get(s.a()).fn() != Fn.CONST : kind(s).isPresent());
    for (int x : operands(s)) {
      boolean ready = looped[i] ? looped[x] && !once[x] : true;
      phase[i] = Math.max(phase[i], computed(x) && !ready ? phase[x] + 1 : phase[x]);
    }
    for (int x : operands(s)) {
      stored[x] |= !looped[i] && !once[x];
    }
  }

  private boolean computed(int step) {
    return list.get(step).fn() != Fn.ARG && list.get(step).fn() != Fn.CONST;
  }

  /** What a step reads, and through a comparison that is part of it. */
  private int[] operands(Step s) {
    if (s.fn() == Fn.WHERE && absorbed[s.a()]) {
      Step by = list.get(s.a());
      return new int[] {by.a(), by.b(), s.b(), s.c()};
    }
    return IntStream.of(s.a(), s.b(), s.c()).filter(x -> x >= 0).toArray();
  }

  private Optional<Kind> kind(Step s) {
    return Optional.ofNullable(switch (s.fn()) {
      case WHERE -> absorbed[s.a()] ? choice(list.get(s.a()).fn()) : null;
      case ADD -> Kind.ADD;
      case SUB -> Kind.SUB;
      case MUL -> Kind.MUL;
      case DIV -> Kind.DIV;
      case MAX -> Kind.MAX;
      case MIN -> Kind.MIN;
      case NEG -> Kind.NEG;
      case ABS -> Kind.ABS;
      case SQRT -> Kind.SQRT;
      case EXP -> Kind.EXP;
      case SIGMOID -> Kind.SIGMOID;
      case RELU -> Kind.RELU;
      default -> null;
    });
  }

  /** The operation of a step that is a number of the row made of other such numbers, constants and integers given for the row, if it is one of float32. */
  Optional<LoopBody.Operation> number(int i) {
    Step s = list.get(i);
    if (!once[i] || s.type() != DType.FLOAT32 || s.fn().row()) {
      return Optional.empty();
    }
    return switch (s.fn()) {
      case WHERE -> absorbed[s.a()] ? Optional.of(operation(i)) : Optional.empty();
      case CAST -> s.from() == DType.INT64 && list.get(s.a()).fn() == Fn.ARG ? number(Kind.FROM_LONG, i) : Optional.empty();
      case RSQRT -> number(Kind.RSQRT, i);
      case LOG -> number(Kind.LOG, i);
      default -> kind(s).flatMap(k -> number(k, i));
    };
  }

  private Optional<LoopBody.Operation> number(Kind kind, int i) {
    Step s = list.get(i);
    return Optional.of(new LoopBody.Operation(kind, s.a(), s.b(), -1, -1, i));
  }

  private boolean exponential(int i) {
    return list.get(i).fn() == Fn.EXP || list.get(i).fn() == Fn.SIGMOID;
  }

  private static Kind choice(Fn comparison) {
    return switch (comparison) {
      case GT -> Kind.CHOICE_GT;
      case GE -> Kind.CHOICE_GE;
      case EQ -> Kind.CHOICE_EQ;
      default -> Kind.CHOICE_NE;
    };
  }

  private LoopBody.Operation operation(int i) {
    Step s = list.get(i);
    Kind kind = kind(s).orElseThrow();
    if (!kind.choice()) {
      return new LoopBody.Operation(kind, s.a(), s.b(), -1, -1, i);
    }
    Step by = list.get(s.a());
    return new LoopBody.Operation(kind, s.b(), s.c(), by.a(), by.b(), i);
  }

  /**
   * The loops of a phase; those of phases after it exist, and have marked what they read from it. Where there are exponentials, sums have a loop of
   * their own: the constants of an exponential and the accumulators together are more than there are registers.
   */
  private List<LoopBody> bodies(int p) {
    boolean exponentials = IntStream.range(0, once.length).anyMatch(i -> looped[i] && phase[i] == p && exponential(i));
    var sums = new Parts(p, true);
    var all = new Parts(p, false);
    for (int i = 0; i < once.length; i++) {
      if (looped[i] && phase[i] == p && once[i]) {
        (exponentials && list.get(i).fn() == Fn.ROW_SUM ? sums : all).fold(i);
      }
    }
    for (int i = 0; i < once.length; i++) {
      if (looped[i] && phase[i] == p && !once[i] && stored[i]) {
        all.store(i);
      }
    }
    return Stream.of(all, sums).map(Parts::body).filter(b -> b.stores().size() + b.folds().size() > 0).toList();
  }

  /** What a loop reads and computes. */
  private final class Parts {
    private final int p;
    /** Whether exponentials, and what is stored anyway, are read from their blocks. */
    private final boolean after;
    private final List<LoopBody.Fold> folds = new ArrayList<>();
    private final List<Integer> stores = new ArrayList<>();
    private final TreeSet<Integer> operations = new TreeSet<>();
    private final TreeSet<Integer> blocks = new TreeSet<>();
    private final TreeSet<Integer> numbers = new TreeSet<>();
    private final TreeMap<Integer, Float> constants = new TreeMap<>();

    Parts(int p, boolean after) {
      this.p = p;
      this.after = after;
    }

    void fold(int i) {
      Fn fn = list.get(i).fn();
      folds.add(new LoopBody.Fold(fn == Fn.ROW_SUM ? Kind.ADD : fn == Fn.ROW_MAX ? Kind.MAX : Kind.MIN, list.get(i).a(), i));
      need(list.get(i).a());
    }

    void store(int i) {
      stores.add(i);
      need(i);
    }

    LoopBody body() {
      List<LoopBody.Operation> ordered = operations.stream().map(Phases.this::operation).toList();
      return new LoopBody(List.copyOf(blocks), List.copyOf(numbers), Map.copyOf(constants), ordered, List.copyOf(stores), List.copyOf(folds));
    }

    void need(int i) {
      if (list.get(i).fn() == Fn.CONST) {
        constants.put(i, (float) list.get(i).value());
      } else if (once[i]) {
        numbers.add(i);
      } else if (looped[i] && (phase[i] == p ? !after || !stored[i] && !exponential(i) : again(i))) {
        if (operations.add(i)) {
          for (int x : operands(list.get(i))) {
            need(x);
          }
        }
      } else {
        stored[i] = true;
        blocks.add(i);
      }
    }

    /** Whether a value of an earlier phase is computed again: a few cheap operations on at most two blocks. */
    private boolean again(int i) {
      if (!lasting) {
        return false;
      }
      var read = new TreeSet<Integer>();
      var done = new TreeSet<Integer>();
      return !stored[i] && cheap(i, read, done) && read.size() <= AGAIN_BLOCKS && done.size() <= AGAIN_OPERATIONS;
    }

    private boolean cheap(int i, TreeSet<Integer> read, TreeSet<Integer> done) {
      Step s = list.get(i);
      boolean cheap = s.fn() != Fn.DIV && s.fn() != Fn.SQRT && !exponential(i);
      done.add(i);
      for (int x : operands(s)) {
        if (once[x] || list.get(x).fn() == Fn.CONST) {
          continue;
        }
        if (looped[x] && !stored[x]) {
          cheap = cheap && done.size() <= AGAIN_OPERATIONS && cheap(x, read, done);
        } else {
          read.add(x);
        }
      }
      return cheap;
    }
  }
}
