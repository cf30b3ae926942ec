package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.expr.Program.Step;

/**
 * The text of a kernel of {@link Rows}. A thread holds its elements of input k in the array h and k, or reads them on each walk; in the
 * loops over elements, x and k is the value of input k, v and s that of step s, f and s the fold of step s.
 */
final class RowText {
  /** Elements that are joined before they meet a fold. */
  private static final int GROUP = 4;

  private final Rows.Key key;
  private final Program program;
  private final int inputs;
  private final StringBuilder b = new StringBuilder();

  private RowText(Rows.Key key) {
    this.key = key;
    program = key.program();
    inputs = program.args().size();
  }

  static KernelSource source(Rows.Key key, List<Integer> constants, boolean faults) {
    return new RowText(key).kernel(constants, faults);
  }

  private boolean held() {
    return key.held() > 0;
  }

  private KernelSource kernel(List<Integer> constants, boolean faults) {
    int operands = inputs + program.types().size();
    b.append(Body.headers(program)).append("\n#define KEPT ").append(key.kept()).append("\n#define ALONG ").append(key.along());
    b.append("\n#define OPERANDS ").append(operands);
    if (held()) {
      b.append("\n#define HELD ").append(key.held()).append("\n#define WIDE ").append(key.wide()).append("\n#define GROUP ").append(Math.min(GROUP, key.held()));
    }
    b.append("\n\nextern \"C\" __global__ void __launch_bounds__(THREADS, 1) rows(Position count, Position length, unsigned lanes, ");
    b.append("Sizes<KEPT> kept, Sizes<ALONG> along");
    for (int k = 0; k < operands; k++) {
      b.append(k < inputs ? ", const " + Types.element(program.args().get(k)) + "* __restrict__ in" + k
          : ", " + Types.element(program.types().get(k - inputs)) + "* __restrict__ out" + (k - inputs));
      b.append(", Steps<KEPT> d").append(k).append(", Steps<ALONG> s").append(k);
    }
    constants.forEach(c -> b.append(", ").append(Types.value(program.steps().get(c).type())).append(" c").append(c));
    b.append(faults ? ", Fault* fault, int op) {\n" : ") {\n");
    b.append("  __shared__ double warps[THREADS / WARP];\n");
    b.append("  const Steps<KEPT>* const down[] = {").append(list(operands, "&d")).append("};\n");
    b.append("  const Steps<ALONG>* const across[] = {").append(list(operands, "&s")).append("};\n");
    b.append("  unsigned lane = threadIdx.x % lanes, width = blockDim.x / lanes;\n");
    b.append("  for (Position first = blockIdx.x * width; first < count; first += gridDim.x * width) {\n");
    b.append("  Position row = first + threadIdx.x / lanes, n = row < count ? length : 0;\n");
    b.append("  int at[OPERANDS];\n  places<KEPT, OPERANDS>(row < count ? row : 0, kept, down, at);\n");
    inputs();
    int[] level = levels();
    for (int walk = 0; walk <= Arrays.stream(level).max().orElse(0); walk++) {
      folds(level, walk);
    }
    results();
    return Sources.generated("rows", b.append("  }\n}\n").toString());
  }

  private static String list(int n, String prefix) {
    return IntStream.range(0, n).mapToObj(i -> prefix + i).collect(Collectors.joining(", "));
  }

  /** What a row has once, and its elements if they are held. */
  private void inputs() {
    for (int k : varying(false)) {
      b.append("  const %s x%2$d = value(in%2$d[at[%2$d]]);\n".formatted(valueOf(k), k));
    }
    List<Integer> read = varying(true);
    if (!held() || read.isEmpty()) {
      return;
    }
    read.forEach(k -> b.append("  %s h%d[HELD];\n".formatted(valueOf(k), k)));
    b.append("#pragma unroll\n  for (int k = 0; k < HELD; k += WIDE) {\n  const Position i = (k / WIDE * lanes + lane) * WIDE;\n  if (i < n) {\n");
    if (key.wide() == 1) {
      places();
      read.forEach(k -> b.append("  h%1$d[k] = value(in%1$d[at[%1$d] + to[%1$d]]);\n".formatted(k)));
    } else {
      for (int k : read) {
        String pack = "const Pack<" + Types.element(program.args().get(k)) + ", WIDE>";
        b.append("  %1$s p%2$d = *reinterpret_cast<%1$s*>(in%2$d + at[%2$d] + i);\n".formatted(pack, k));
      }
      b.append("#pragma unroll\n  for (int j = 0; j < WIDE; j++) {\n");
      read.forEach(k -> b.append("  h%1$d[k + j] = value(p%1$d.v[j]);\n".formatted(k)));
      b.append("  }\n");
    }
    b.append("  }\n  }\n");
  }

  private String valueOf(int input) {
    return Types.value(program.args().get(input));
  }

  /** The inputs that vary along a row, or those that do not. */
  private List<Integer> varying(boolean along) {
    return IntStream.range(0, inputs).filter(k -> key.constant().get(k) != along).boxed().toList();
  }

  private void places() {
    b.append("  int to[OPERANDS];\n  places<ALONG, OPERANDS>(i, along, across, to);\n");
  }

  /** By step, how many walks lie before the one that may read it. */
  private int[] levels() {
    int[] level = new int[program.steps().size()];
    for (int i = 0; i < level.length; i++) {
      level[i] = Body.operands(program, i).stream().mapToInt(x -> level[x]).max().orElse(0) + (program.steps().get(i).fn().row() ? 1 : 0);
    }
    return level;
  }

  /** The folds that walk number {@code walk} can compute, in one loop. */
  private void folds(int[] level, int walk) {
    List<Integer> folds = IntStream.range(0, level.length).filter(i -> program.steps().get(i).fn().row() && level[i] == walk + 1).boxed().toList();
    if (folds.isEmpty()) {
      return;
    }
    folds.forEach(f -> b.append("  %1$s f%2$d = nothing<%3$s, %1$s>();\n".formatted(accumulator(f), f, kind(f))));
    List<Integer> folded = folds.stream().map(f -> program.steps().get(f).a()).toList();
    if (held()) {
      b.append("#pragma unroll\n  for (int k = 0; k < HELD; k += GROUP) {\n");
      folds.forEach(f -> b.append("  %s g%d[GROUP];\n".formatted(folded(f), f)));
      b.append("#pragma unroll\n  for (int j = 0; j < GROUP; j++) {\n");
      folds.forEach(f -> b.append("  g%1$d[j] = nothing<%2$s, %3$s>();\n".formatted(f, kind(f), folded(f))));
      b.append("  const Position i = ((k + j) / WIDE * lanes + lane) * WIDE + (k + j) % WIDE;\n  if (i < n) {\n");
      element(folded, "k + j");
      folds.forEach(f -> b.append("  g%1$d[j] = v%2$d;\n".formatted(f, program.steps().get(f).a())));
      b.append("  }\n  }\n");
      folds.forEach(f -> b.append("  f%1$d = join<%2$s>(f%1$d, joinGroup<%2$s, %3$s>(g%1$d));\n".formatted(f, kind(f), accumulator(f))));
    } else {
      b.append("  for (Position i = lane; i < n; i += lanes) {\n");
      places();
      element(folded, "");
      folds.forEach(f -> b.append("  f%1$d = join<%2$s>(f%1$d, (%3$s)v%4$d);\n".formatted(f, kind(f), accumulator(f), program.steps().get(f).a())));
    }
    b.append("  }\n");
    for (int f : folds) {
      b.append("  const %1$s v%2$d = (%1$s)joinWholeRow<%3$s>(f%2$d, lanes, reinterpret_cast<%4$s*>(warps));\n".formatted(
          Types.value(program.steps().get(f).type()), f, kind(f), accumulator(f)));
    }
  }

  private String kind(int fold) {
    return program.steps().get(fold).fn().name().substring("ROW_".length());
  }

  /** The type of what a fold joins. */
  private String folded(int fold) {
    return Types.value(program.steps().get(program.steps().get(fold).a()).type());
  }

  /** The type that a fold is kept in: extremes are among the elements. */
  private String accumulator(int fold) {
    Fn fn = program.steps().get(fold).fn();
    return fn == Fn.ROW_MAX || fn == Fn.ROW_MIN ? folded(fold) : "double";
  }

  /**
   * Values of an element of the row: of these steps and what they are made of, but for folds, which are known.
   *
   * @param which the number of the element among those held; not used where none are
   */
  private void element(List<Integer> wanted, String which) {
    var need = new TreeSet<Integer>();
    var open = new ArrayList<>(wanted);
    while (!open.isEmpty()) {
      int i = open.removeLast();
      if (!program.steps().get(i).fn().row() && need.add(i)) {
        open.addAll(Body.operands(program, i));
      }
    }
    for (int i : need) {
      Step s = program.steps().get(i);
      if (s.fn() == Fn.ARG && !key.constant().get(s.index())) {
        String x = held() ? "h%d[%s]".formatted(s.index(), which) : "value(in%1$d[at[%1$d] + to[%1$d]])".formatted(s.index());
        b.append("  const %s x%d = %s;\n".formatted(Types.value(s.type()), s.index(), x));
      }
      b.append(Body.line(program, i));
    }
  }

  private void results() {
    List<Integer> once = outputs(true);
    List<Integer> each = outputs(false);
    if (!each.isEmpty()) {
      if (!held()) {
        b.append("  for (Position i = lane; i < n; i += lanes) {\n");
        places();
        element(each.stream().map(j -> program.outputs()[j]).toList(), "");
        store(each);
        b.append("  }\n");
      } else {
        held(each);
      }
    }
    if (!once.isEmpty()) {
      b.append("  if (lane == 0 && n > 0) {\n  const Position i = 0;\n");
      places();
      element(once.stream().map(j -> program.outputs()[j]).toList(), "0");
      store(once);
      b.append("  }\n");
    }
  }

  private void held(List<Integer> each) {
    b.append("#pragma unroll\n  for (int k = 0; k < HELD; k += WIDE) {\n  const Position i = (k / WIDE * lanes + lane) * WIDE;\n  if (i < n) {\n");
    if (key.wide() == 1) {
      places();
      element(each.stream().map(j -> program.outputs()[j]).toList(), "k");
      store(each);
    } else {
      each.forEach(j -> b.append("  %s q%d;\n".formatted(packed(j), j)));
      b.append("#pragma unroll\n  for (int j = 0; j < WIDE; j++) {\n");
      element(each.stream().map(j -> program.outputs()[j]).toList(), "k + j");
      each.forEach(j -> b.append("  q%d.v[j] = element<%s>(v%d);\n".formatted(j, Types.element(program.types().get(j)), program.outputs()[j])));
      b.append("  }\n");
      each.forEach(j -> b.append("  *reinterpret_cast<%s*>(out%d + at[%d] + i) = q%2$d;\n".formatted(packed(j), j, inputs + j)));
    }
    b.append("  }\n  }\n");
  }

  private String packed(int output) {
    return "Pack<" + Types.element(program.types().get(output)) + ", WIDE>";
  }

  private void store(List<Integer> outputs) {
    outputs.forEach(j -> b.append("  out%1$d[at[%2$d] + to[%2$d]] = element<%3$s>(v%4$d);\n".formatted(j, inputs + j,
        Types.element(program.types().get(j)), program.outputs()[j])));
  }

  /** The outputs that have one element for each row, or the others. */
  private List<Integer> outputs(boolean once) {
    return IntStream.range(0, program.types().size()).filter(j -> key.constant().get(inputs + j) == once).boxed().toList();
  }
}
