package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cotangent.cuda.driver.ErrorFlags;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.expr.Program.Step;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * Programs that fold rows and use what they give, such as softmax and layer norm, in one launch: up to 256 threads walk a row once for all
 * folds that need no other, once more for those that need these, and at last for the results. Each walk computes its elements anew from
 * the inputs, which the first one left in the cache. Folds are kept in double.
 */
public final class Rows {
  /** Rows are walked by whole warps where they have as many elements. */
  private static final int WARP = 32;

  /**
   * What a kernel is made for.
   *
   * @param once by output, whether it is written once a row
   */
  record Key(Program program, int kept, int along, List<Boolean> once) {}

  private record Made(KernelSource source, List<Integer> constants, boolean faults) {}

  private static final Map<Program, Canonical> CANONICAL = new ConcurrentHashMap<>();
  private static final Map<Key, Made> MADE = new ConcurrentHashMap<>();

  private Rows() {}

  /** Output j of the program for every element, or, where its stride is 0 along the last {@code axes} axes, for every row. */
  public static void run(Launcher on, Program program, int axes, Operand[] in, Operand[] out) {
    if (Space.empty(out[0].layout())) {
      return;
    }
    Canonical c = Pointwise.cached(CANONICAL, program, () -> Canonical.of(program));
    Program p = c.program();
    int inputs = p.args().size();
    Operand[] all = Arrays.copyOf(c.operands(in), inputs + out.length);
    System.arraycopy(out, 0, all, inputs, out.length);
    int rank = all[0].layout().rank();
    int[] last = IntStream.range(rank - axes, rank).toArray();
    Space kept = Space.of(Arrays.stream(all).map(o -> Space.select(o.layout(), last, false)).toArray(Layout[]::new));
    Space along = Space.of(Arrays.stream(all).map(o -> Space.select(o.layout(), last, true)).toArray(Layout[]::new));
    kept = kept.padded(Space.bucket(kept.rank(), 4));
    along = along.padded(Space.bucket(along.rank(), 1));
    if (out.length > 1 && Pointwise.tooMany(p, all.length, 3, kept.rank() + along.rank())) {
      Pointwise.divided(program, out, (half, outputs) -> run(on, half, axes, in, outputs));
      return;
    }
    launch(on, p, kept, along, all);
  }

  private static void launch(Launcher on, Program p, Space kept, Space along, Operand[] all) {
    int inputs = p.args().size();
    List<Boolean> once = IntStream.range(inputs, all.length).mapToObj(along::constant).toList();
    Made made = Pointwise.cached(MADE, new Key(p, kept.rank(), along.rank(), once), () -> made(p, kept.rank(), along.rank(), once));
    int lanes = Reduce.rowLanes(along.size());
    int width = Math.max(1, WARP / lanes);
    var arguments = new ArrayList<Object>(List.of((int) kept.size(), (int) along.size(), lanes, kept.sizes(), along.sizes()));
    for (int k = 0; k < all.length; k++) {
      arguments.add(k < inputs ? Launcher.in(all[k]) : Launcher.out(all[k]));
      arguments.add(kept.steps(k));
      arguments.add(along.steps(k));
    }
    Body.constantArguments(p, made.constants(), arguments);
    if (made.faults()) {
      ErrorFlags.Claim claim = on.claim(Body.division(p));
      arguments.add(claim.address());
      arguments.add(claim.id());
    }
    on.launch("rows", made.source(), Grid.of(on.blocks((kept.size() + width - 1) / width), lanes * width), arguments.toArray());
  }

  // ---- text

  private static Made made(Program p, int kept, int along, List<Boolean> once) {
    List<Integer> constants = IntStream.range(0, p.steps().size()).filter(i -> p.steps().get(i).fn() == Fn.CONST).boxed().toList();
    boolean faults = p.steps().stream().anyMatch(Body::divides);
    return new Made(source(new Key(p, kept, along, once), constants, faults), constants, faults);
  }

  static KernelSource source(Key key, List<Integer> constants, boolean faults) {
    Program p = key.program();
    int inputs = p.args().size();
    int operands = inputs + p.types().size();
    var b = new StringBuilder(Body.headers(p)).append("\n#define KEPT ").append(key.kept()).append("\n#define ALONG ").append(key.along());
    b.append("\n#define OPERANDS ").append(operands);
    b.append("\n\nextern \"C\" __global__ void __launch_bounds__(THREADS, 1) rows(Position count, Position length, unsigned lanes, ");
    b.append("Sizes<KEPT> kept, Sizes<ALONG> along");
    for (int k = 0; k < operands; k++) {
      b.append(k < inputs ? ", const " + Types.element(p.args().get(k)) + "* __restrict__ in" + k
          : ", " + Types.element(p.types().get(k - inputs)) + "* __restrict__ out" + (k - inputs));
      b.append(", Steps<KEPT> d").append(k).append(", Steps<ALONG> s").append(k);
    }
    constants.forEach(c -> b.append(", ").append(Types.value(p.steps().get(c).type())).append(" c").append(c));
    b.append(faults ? ", Fault* fault, int op) {\n" : ") {\n");
    b.append("  __shared__ double warps[THREADS / WARP];\n");
    b.append("  const Steps<KEPT>* const down[] = {").append(list(operands, "&d")).append("};\n");
    b.append("  const Steps<ALONG>* const across[] = {").append(list(operands, "&s")).append("};\n");
    b.append("  unsigned lane = threadIdx.x % lanes, width = blockDim.x / lanes;\n");
    b.append("  for (Position first = blockIdx.x * width; first < count; first += gridDim.x * width) {\n");
    b.append("  Position row = first + threadIdx.x / lanes, n = row < count ? length : 0;\n");
    b.append("  int at[OPERANDS];\n  places<KEPT, OPERANDS>(row < count ? row : 0, kept, down, at);\n");
    int[] level = levels(p);
    for (int walk = 0; walk <= Arrays.stream(level).max().orElse(0); walk++) {
      folds(b, p, level, walk);
    }
    results(b, key, inputs);
    return Sources.generated("rows", b.append("  }\n}\n").toString());
  }

  private static String list(int n, String prefix) {
    return IntStream.range(0, n).mapToObj(i -> prefix + i).collect(Collectors.joining(", "));
  }

  /** By step, how many walks lie before the one that may read it. */
  private static int[] levels(Program p) {
    int[] level = new int[p.steps().size()];
    for (int i = 0; i < level.length; i++) {
      level[i] = Body.operands(p, i).stream().mapToInt(x -> level[x]).max().orElse(0) + (p.steps().get(i).fn().row() ? 1 : 0);
    }
    return level;
  }

  /** The folds that walk number {@code walk} can compute, in one loop. */
  private static void folds(StringBuilder b, Program p, int[] level, int walk) {
    List<Integer> folds = IntStream.range(0, level.length).filter(i -> p.steps().get(i).fn().row() && level[i] == walk + 1).boxed().toList();
    if (folds.isEmpty()) {
      return;
    }
    folds.forEach(f -> b.append("  double f%d = nothing<%s, double>();\n".formatted(f, kind(p.steps().get(f).fn()))));
    b.append("  for (Position i = lane; i < n; i += lanes) {\n");
    element(b, p, folds.stream().map(f -> p.steps().get(f).a()).toList());
    folds.forEach(f -> b.append("  f%1$d = join<%2$s>(f%1$d, (double)v%3$d);\n".formatted(f, kind(p.steps().get(f).fn()), p.steps().get(f).a())));
    b.append("  }\n");
    for (int f : folds) {
      Step s = p.steps().get(f);
      b.append("  const %1$s v%2$d = (%1$s)joinWholeRow<%3$s>(f%2$d, lanes, warps);\n".formatted(Types.value(s.type()), f, kind(s.fn())));
    }
  }

  private static String kind(Fn fold) {
    return fold.name().substring("ROW_".length());
  }

  /** Values of element {@code i} of the row: of these steps and what they are made of, but for folds, which are known. */
  private static void element(StringBuilder b, Program p, List<Integer> wanted) {
    b.append("  int to[OPERANDS];\n  places<ALONG, OPERANDS>(i, along, across, to);\n");
    var need = new TreeSet<Integer>();
    var open = new ArrayList<>(wanted);
    while (!open.isEmpty()) {
      int i = open.removeLast();
      if (!p.steps().get(i).fn().row() && need.add(i)) {
        open.addAll(Body.operands(p, i));
      }
    }
    for (int i : need) {
      Step s = p.steps().get(i);
      if (s.fn() == Fn.ARG) {
        b.append("  const %s x%2$d = value(in%2$d[at[%2$d] + to[%2$d]]);\n".formatted(Types.value(s.type()), s.index()));
      }
      b.append(Body.line(p, i));
    }
  }

  private static void results(StringBuilder b, Key key, int inputs) {
    for (boolean once : new boolean[] {false, true}) {
      List<Integer> outputs = IntStream.range(0, key.once().size()).filter(j -> key.once().get(j) == once).boxed().toList();
      if (!outputs.isEmpty()) {
        b.append(once ? "  if (lane == 0 && n > 0) {\n  const Position i = 0;\n" : "  for (Position i = lane; i < n; i += lanes) {\n");
        element(b, key.program(), outputs.stream().map(j -> key.program().outputs()[j]).toList());
        for (int j : outputs) {
          b.append("  out%1$d[at[%2$d] + to[%2$d]] = element<%3$s>(v%4$d);\n".formatted(j, inputs + j, Types.element(key.program().types().get(j)),
              key.program().outputs()[j]));
        }
        b.append("  }\n");
      }
    }
  }
}
