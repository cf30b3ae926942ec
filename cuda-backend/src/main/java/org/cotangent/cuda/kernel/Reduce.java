package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.DeviceBuffer;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/**
 * Sums, products and extremes over axes, of what a program gives for each element. Floating sums and products are kept in double.
 *
 * <p>The division of work, and with it the order of additions, depends on shapes and strides alone. Few results of many elements are
 * reduced in parts, side by side, and the parts by a second launch.
 */
public final class Reduce {
  /** Threads that share a result side by side, at least where it has as many elements. */
  private static final int WARP = 32;
  /** Threads that share a column. */
  private static final int COLUMN_LANES = 8;
  /** With fewer blocks than this, results are divided: several for each multiprocessor of the largest devices. */
  private static final int BLOCKS = 2048;
  /** Elements of a row that a thread takes before more threads share it, where there are many rows. */
  private static final int MANY = 64;
  /** With fewer threads than this, more of them share a row. */
  private static final int FEW_THREADS = 1 << 16;
  /** Elements that a thread has at least in a part. */
  private static final int GRAIN = 16;

  record Key(Reduction kind, Program program, DType out, boolean across, int kept, int reduced) {}

  private record Made(KernelSource source, List<Integer> constants) {}

  private static final Map<Key, Made> MADE = new ConcurrentHashMap<>();

  /** How a launch divides the work. */
  record Plan(boolean across, int lanes, int width, int parts, long part) {
    static Plan of(Space kept, Space reduced) {
      long results = kept.size();
      long count = reduced.size();
      boolean across = kept.step(0) == 1 && kept.inner() > 1 && reduced.step(0) != 1;
      int lanes;
      int width;
      if (across) {
        width = power(Math.min(results, Launcher.THREADS / COLUMN_LANES));
        lanes = Math.min(Launcher.THREADS / width, power((count + 3) / 4));
        width = Math.min(Launcher.THREADS / lanes, power(results));
      } else {
        lanes = rowLanes(results, count, MANY);
        width = Math.min(Launcher.THREADS / lanes, power(results));
      }
      width = Math.max(width, WARP / Math.min(WARP, lanes));
      long blocks = (results + width - 1) / width;
      long parts = Math.clamp(count / ((long) lanes * GRAIN), 1, Math.max(1, BLOCKS / blocks));
      long part = (count + parts - 1) / parts;
      return new Plan(across, lanes, width, (int) ((count + part - 1) / part), part);
    }

  }

  /** The least power of two that is not below {@code n}, up to the threads of a block. */
  static int power(long n) {
    return n >= Launcher.THREADS ? Launcher.THREADS : n <= 1 ? 1 : Integer.highestOneBit((int) n - 1) * 2;
  }

  private Reduce() {}

  /**
   * Threads, neighbours in a block, for each of {@code rows} results of {@code count} elements: a power of two.
   *
   * @param most elements that a thread takes before more threads share the row
   */
  static int rowLanes(long rows, long count, int most) {
    int lanes = Math.min(WARP, power(count));
    while (lanes < Launcher.THREADS && (count > (long) most * lanes || rows * lanes < FEW_THREADS && count > 4L * lanes)) {
      lanes *= 2;
    }
    return lanes;
  }

  /** Reduces {@code axes} of an operand; {@code out} has the remaining axes. */
  public static void run(Launcher on, Reduction kind, Operand in, int[] axes, Operand out) {
    run(on, kind, Program.of(List.of(Expr.arg(0)), List.of(in.dtype())), new Operand[] {in}, axes, out);
  }

  /** Reduces {@code axes} of the first output of a program over operands of equal dims; {@code out} has the remaining axes. */
  public static void run(Launcher on, Reduction kind, Program program, Operand[] in, int[] axes, Operand out) {
    if (Space.empty(out.layout())) {
      return;
    }
    if (Space.empty(in[0].layout())) {
      Copies.fill(on, out, kind.identity());
      return;
    }
    Layout[] kept = new Layout[in.length + 1];
    Layout[] reduced = new Layout[in.length];
    for (int k = 0; k < in.length; k++) {
      kept[k] = Space.select(in[k].layout(), axes, false);
      reduced[k] = Space.select(in[k].layout(), axes, true);
    }
    kept[in.length] = out.layout();
    int[] order = Space.widestFirst(reduced[0]);
    reduce(on, kind, program, in, Space.of(kept), Space.of(Arrays.stream(reduced).map(l -> l.permute(order)).toArray(Layout[]::new)), out);
  }

  private static void reduce(Launcher on, Reduction kind, Program program, Operand[] in, Space kept, Space reduced, Operand out) {
    Plan plan = Plan.of(kept, reduced);
    if (plan.parts() == 1) {
      launch(on, kind, program, in, kept, reduced, plan, Launcher.out(out), out.dtype(), 0);
      return;
    }
    int results = (int) kept.size();
    DType type = Types.accumulator(kind, program.types().get(0));
    DeviceBuffer partial = on.workspace(type, (long) plan.parts() * results);
    try {
      int[][] strides = kept.strides().clone();
      Layout dense = Layout.dense(kept.dims());
      strides[in.length] = dense.strides();
      launch(on, kind, program, in, new Space(kept.dims(), strides), reduced, plan, partial.out(0), type, results);
      Operand parts = new Operand(partial, dense);
      Space rest = Space.of(kept.dims(), dense.strides(), kept.strides()[in.length]);
      reduce(on, kind, Program.of(List.of(Expr.arg(0)), List.of(type)), new Operand[] {parts}, rest,
          Space.of(new int[] {plan.parts()}, new int[] {results}), out);
    } finally {
      partial.free();
    }
  }

  private static void launch(Launcher on, Reduction kind, Program program, Operand[] in, Space kept, Space reduced, Plan plan,
      DeviceBuffer.Access out, DType type, int partStep) {
    Space k = kept.padded(Space.bucket(kept.rank(), 4));
    Space r = reduced.padded(Space.bucket(reduced.rank(), 1));
    Key key = new Key(kind, program, type, plan.across(), k.rank(), r.rank());
    Made made = MADE.computeIfAbsent(key, x -> {
      Body body = Body.of(program);
      return new Made(source(x, body), body.constants());
    });
    var arguments = new ArrayList<Object>();
    arguments.add((int) k.size());
    arguments.add((int) r.size());
    arguments.add((int) plan.part());
    arguments.add(plan.lanes());
    arguments.add(k.sizes());
    arguments.add(r.sizes());
    for (int i = 0; i < in.length; i++) {
      arguments.add(Launcher.in(in[i]));
      arguments.add(k.steps(i));
      arguments.add(r.steps(i));
    }
    Body.constantArguments(program, made.constants(), arguments);
    arguments.add(out);
    arguments.add(k.steps(in.length));
    arguments.add(partStep);
    int blocks = on.blocks((k.size() + plan.width() - 1) / plan.width());
    on.launch(kind.name().toLowerCase(java.util.Locale.ROOT), made.source(), new Grid(blocks, plan.parts(), plan.lanes() * plan.width(), 0),
        arguments.toArray());
  }

  static KernelSource source(Key key, Body body) {
    Program p = body.program();
    int n = p.args().size();
    String value = Types.value(p.types().get(0));
    String out = Types.element(key.out());
    var b = new StringBuilder(body.text()).append("\n#include \"reduce.cuh\"\n\n#define KEPT ").append(key.kept());
    b.append("\n#define REDUCED ").append(key.reduced()).append("\n\nstruct Input {\n  Sizes<KEPT> kept;\n  Sizes<REDUCED> reduced;\n");
    for (int i = 0; i < n; i++) {
      b.append("  const ").append(Types.element(p.args().get(i))).append("* x").append(i)
          .append(";\n  Steps<KEPT> k").append(i).append(";\n  Steps<REDUCED> r").append(i).append(";\n");
    }
    b.append(body.constantParameters().replace(", ", ";\n"));
    b.append("  struct Origin {\n    int at[").append(n).append("];\n  };\n  __device__ __forceinline__ Origin origin(Position o) const {\n");
    b.append("    const Steps<KEPT>* const steps[] = {").append(list(n, "&k%d")).append("};\n    Origin g;\n    places<KEPT, ").append(n)
        .append(">(o, kept, steps, g.at);\n    return g;\n  }\n");
    b.append("  __device__ __forceinline__ ").append(value).append(" get(const Origin& g, Position r) const {\n");
    b.append("    const Steps<REDUCED>* const steps[] = {").append(list(n, "&r%d")).append("};\n    int at[").append(n).append("];\n    places<REDUCED, ")
        .append(n).append(">(r, reduced, steps, at);\n    ").append(value).append(" y;\n    ");
    b.append(body.call(IntStream.range(0, n).mapToObj(i -> "value(x%1$d[g.at[%1$d] + at[%1$d]])".formatted(i)).toList(), List.of("y")));
    b.append("\n    return y;\n  }\n};\n\nstruct Output {\n  Sizes<KEPT> kept;\n  ").append(out).append("* y;\n  Steps<KEPT> steps;\n  int part;\n");
    String accumulator = Types.value(Types.accumulator(key.kind(), p.types().get(0)));
    b.append("  __device__ __forceinline__ void put(Position o, unsigned p, ").append(accumulator).append(" v) const {\n");
    b.append("    y[place(o, kept, steps) + (int)p * part] = element<").append(out).append(">((").append(Types.value(key.out())).append(")v);\n  }\n};\n\n");
    b.append("extern \"C\" __global__ void __launch_bounds__(THREADS, 1) reduction(Position results, Position count, Position part, unsigned lanes, "
        + "Sizes<KEPT> kept, Sizes<REDUCED> reduced, ");
    for (int i = 0; i < n; i++) {
      b.append("const %s* __restrict__ x%d, Steps<KEPT> k%2$d, Steps<REDUCED> r%2$d, ".formatted(Types.element(p.args().get(i)), i));
    }
    b.append(body.constantParameters()).append(out).append("* __restrict__ y, Steps<KEPT> sy, int partStep) {\n");
    b.append("  const Input in = {kept, reduced").append(IntStream.range(0, n).mapToObj(", x%1$d, k%1$d, r%1$d"::formatted).collect(Collectors.joining()));
    b.append(body.constants().stream().map(c -> ", c" + c).collect(Collectors.joining())).append("};\n  const Output out = {kept, y, sy, partStep};\n");
    b.append("  reduce<").append(key.kind()).append(", ").append(key.across()).append(", ").append(accumulator).append(", ").append(value)
        .append(">(results, count, part, lanes, in, out);\n}\n");
    return Sources.generated("reduction", b.toString());
  }

  private static String list(int n, String format) {
    return IntStream.range(0, n).mapToObj(format::formatted).collect(Collectors.joining(", "));
  }
}
