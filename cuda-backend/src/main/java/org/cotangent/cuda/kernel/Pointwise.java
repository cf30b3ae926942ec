package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.ErrorFlags;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Operand;

/**
 * Runs a program over every element, a thread an element or, where all operands are dense or a single element, 16 bytes of the widest.
 *
 * <p>Kernels differ by program, rank and whether positions need 64 bits; sizes, strides and constants are arguments.
 */
public final class Pointwise {
  private static final int CACHED = 4096;
  /** Bytes of arguments that every driver takes, and arguments that the device takes, less some. */
  private static final int BYTES = 4000;
  private static final int ARGUMENTS = 240;
  /** With more operands a thread takes single elements, as those of 16 bytes would not fit its registers. */
  private static final int WIDE_OPERANDS = 12;

  private record Key(Program program, String layout) {}

  private record Made(KernelSource source, List<Integer> constants, boolean faults, int width) {}

  private static final Map<Program, Canonical> CANONICAL = new ConcurrentHashMap<>();
  private static final Map<Key, Made> MADE = new ConcurrentHashMap<>();

  private Pointwise() {}

  /** Output j of the program for every element of operands of equal dims. */
  public static void run(Launcher on, Program program, Operand[] in, Operand[] out) {
    if (Space.empty(out[0].layout())) {
      return;
    }
    Canonical c = cached(CANONICAL, program, () -> Canonical.of(program));
    Program p = c.program();
    int inputs = p.args().size();
    Operand[] all = Arrays.copyOf(c.operands(in), inputs + out.length);
    System.arraycopy(out, 0, all, inputs, out.length);
    Space space = Space.of(all);
    if (out.length > 1 && tooMany(p, all.length, 2, Space.bucket(space.rank(), 4))) {
      divided(program, out, (half, outputs) -> run(on, half, in, outputs));
      return;
    }
    long n = space.size();
    boolean large = Launcher.large(n);
    if (n >= on.special() && !large && space.rank() == 1 && flat(space)) {
      runFlat(on, p, space, all, inputs, n);
    } else {
      runStrided(on, p, space.padded(Space.bucket(space.rank(), n < on.special() ? 4 : 1)), all, inputs, large);
    }
  }

  /** Whether a launch does not take as many arguments: {@code each} for an operand, with {@code rank} steps. */
  static boolean tooMany(Program program, int operands, int each, int rank) {
    long constants = program.steps().stream().filter(s -> s.fn() == Fn.CONST).count();
    return each * operands + constants > ARGUMENTS || operands * (8 + 4 * rank) + 8 * constants > BYTES;
  }

  /** Copies elements by a program that is of another type of the same size. */
  static void copy(Launcher on, Program identity, Operand from, Operand to) {
    run(on, identity, new Operand[] {from}, new Operand[] {to});
  }

  /** Runs a program for half of its outputs, and then for the others, since there are too many operands for one launch. */
  static void divided(Program p, Operand[] out, BiConsumer<Program, Operand[]> run) {
    int half = out.length / 2;
    for (int[] part : new int[][] {{0, half}, {half, out.length}}) {
      int[] outputs = Arrays.copyOfRange(p.outputs(), part[0], part[1]);
      run.accept(new Program(p.steps(), outputs, p.args(), p.types().subList(part[0], part[1])), Arrays.copyOfRange(out, part[0], part[1]));
    }
  }

  // ---- dense operands

  private static boolean flat(Space space) {
    return space.inner() > 1 && IntStream.range(0, space.strides().length).allMatch(k -> space.step(k) == 1 || space.step(k) == 0);
  }

  private static void runFlat(Launcher on, Program p, Space space, Operand[] all, int inputs, long n) {
    boolean[] dense = new boolean[all.length];
    int widest = 1;
    for (int k = 0; k < all.length; k++) {
      dense[k] = space.step(k) == 1;
      widest = Math.max(widest, dense[k] ? all[k].dtype().bytes() : 1);
    }
    int wide = all.length > WIDE_OPERANDS ? 1 : 16 / widest;
    boolean aligned = true;
    for (int k = 0; k < all.length; k++) {
      aligned &= !dense[k] || all[k].layout().offset() % wide == 0;
    }
    int width = aligned ? wide : 1;
    String layout = "flat" + width + Arrays.toString(dense);
    Made made = cached(MADE, new Key(p, layout), () -> {
      Body body = Body.of(p);
      int w = body.heavy() ? 1 : width; // long code once, not once for each of the elements of a thread
      return new Made(flatSource(body, dense, inputs, w), body.constants(), body.faults(), w);
    });
    var arguments = new ArrayList<Object>();
    arguments.add((int) n);
    for (int k = 0; k < all.length; k++) {
      arguments.add(k < inputs ? Launcher.in(all[k]) : Launcher.out(all[k]));
    }
    finish(on, p, made, arguments);
    on.launch("pointwise", made.source(), on.threads((n + made.width() - 1) / made.width()), arguments.toArray());
  }

  static KernelSource flatSource(Body body, boolean[] dense, int inputs, int width) {
    Program p = body.program();
    var b = new StringBuilder(body.text());
    b.append("\n#define WIDTH ").append(width).append("\n\nextern \"C\" __global__ void __launch_bounds__(THREADS, 1) pointwise(Position n, ");
    for (int k = 0; k < dense.length; k++) {
      b.append(parameter(p, k, inputs)).append(", ");
    }
    b.append(body.constantParameters()).append("Fault* fault, int op) {\n");
    b.append("  Position first = blockIdx.x * blockDim.x + threadIdx.x, all = gridDim.x * blockDim.x;\n");
    for (int k = 0; k < inputs; k++) {
      if (!dense[k]) {
        b.append("  const ").append(Types.value(type(p, k))).append(" s").append(k).append(" = value(x").append(k).append("[0]);\n");
      }
    }
    if (width > 1) {
      b.append("  for (Position i = first; i < n / WIDTH; i += all) {\n");
      declare(b, p, dense, inputs, "pack");
      b.append("#pragma unroll\n    for (int k = 0; k < WIDTH; k++) {\n");
      each(b, body, dense, inputs, "pack%d.v[k]", "pack%d.v[k]");
      b.append("    }\n");
      for (int k = inputs; k < dense.length; k++) {
        b.append("    reinterpret_cast<").append(pack(p, k, inputs)).append("*>(y").append(k - inputs).append(")[i] = pack").append(k).append(";\n");
      }
      b.append("  }\n");
    }
    b.append("  for (Position i = ").append(width > 1 ? "n / WIDTH * WIDTH + first" : "first").append("; i < n; i += all) {\n");
    each(b, body, dense, inputs, "x%d[i]", "y%d[i]");
    return Sources.generated("pointwise", b.append("  }\n}\n").toString());
  }

  private static String pack(Program p, int k, int inputs) {
    return (k < inputs ? "const " : "") + "Pack<" + Types.element(type(p, k)) + ", WIDTH>";
  }

  private static void declare(StringBuilder b, Program p, boolean[] dense, int inputs, String name) {
    for (int k = 0; k < dense.length; k++) {
      if (k < inputs && dense[k]) {
        String t = pack(p, k, inputs);
        b.append("    ").append(t).append(' ').append(name).append(k).append(" = reinterpret_cast<").append(t).append("*>(x").append(k).append(")[i];\n");
      } else if (k >= inputs) {
        b.append("    ").append(pack(p, k, inputs)).append(' ').append(name).append(k).append(";\n");
      }
    }
  }

  /** One element: {@code in} and {@code out} are where operand k lies. */
  private static void each(StringBuilder b, Body body, boolean[] dense, int inputs, String in, String out) {
    Program p = body.program();
    var x = new ArrayList<String>();
    var y = new ArrayList<String>();
    for (int k = 0; k < inputs; k++) {
      x.add(dense[k] ? "value(" + in.formatted(k) + ")" : "s" + k);
    }
    for (int j = 0; j < p.types().size(); j++) {
      b.append("      ").append(Types.value(p.types().get(j))).append(" r").append(j).append(";\n");
      y.add("r" + j);
    }
    b.append("      ").append(body.call(x, y)).append('\n');
    for (int j = 0; j < y.size(); j++) {
      String to = out.startsWith("pack") ? out.formatted(inputs + j) : out.formatted(j);
      b.append("      ").append(to).append(" = element<").append(Types.element(p.types().get(j))).append(">(r").append(j).append(");\n");
    }
  }

  // ---- any strides

  static void runStrided(Launcher on, Program p, Space space, Operand[] all, int inputs, boolean large) {
    int rank = space.rank();
    Made made = cached(MADE, new Key(p, "strided" + rank + large), () -> {
      Body body = Body.of(p);
      return new Made(stridedSource(body, rank, inputs, large), body.constants(), body.faults(), 1);
    });
    long n = space.size();
    var arguments = new ArrayList<Object>();
    arguments.add(Launcher.position(n, large));
    arguments.add(space.sizes());
    for (int k = 0; k < all.length; k++) {
      arguments.add(k < inputs ? Launcher.in(all[k]) : Launcher.out(all[k]));
      arguments.add(space.steps(k));
    }
    finish(on, p, made, arguments);
    on.launch("pointwise", made.source(), on.threads(n), arguments.toArray());
  }

  static KernelSource stridedSource(Body body, int rank, int inputs, boolean large) {
    Program p = body.program();
    int operands = inputs + p.types().size();
    var b = new StringBuilder(large ? "#define LARGE\n" : "").append(body.text());
    b.append("\n#define RANK ").append(rank).append("\n\nextern \"C\" __global__ void __launch_bounds__(THREADS, 1) pointwise(Position n, Sizes<RANK> sizes, ");
    for (int k = 0; k < operands; k++) {
      b.append(parameter(p, k, inputs)).append(", Steps<RANK> s").append(k).append(", ");
    }
    b.append(body.constantParameters()).append("Fault* fault, int op) {\n");
    b.append("  const Steps<RANK>* const steps[] = {");
    b.append(IntStream.range(0, operands).mapToObj(k -> "&s" + k).collect(Collectors.joining(", "))).append("};\n");
    b.append("  Position all = (Position)gridDim.x * blockDim.x;\n");
    b.append("  for (Position i = (Position)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += all) {\n");
    b.append("      int at[").append(operands).append("];\n      places<RANK, ").append(operands).append(">(i, sizes, steps, at);\n");
    boolean[] dense = new boolean[operands];
    Arrays.fill(dense, true);
    each(b, body, dense, inputs, "x%1$d[at[%1$d]]", "y%1$d[at[" + inputs + " + %1$d]]");
    return Sources.generated("pointwise", b.append("  }\n}\n").toString());
  }

  // ---- both

  /** The value of a key, made once; when there are very many, all are forgotten. */
  static <K, V> V cached(Map<K, V> known, K key, Supplier<V> make) {
    V v = known.get(key);
    if (v == null) {
      v = make.get();
      if (known.size() >= CACHED) {
        known.clear();
      }
      known.put(key, v);
    }
    return v;
  }

  private static DType type(Program p, int k) {
    return k < p.args().size() ? p.args().get(k) : p.types().get(k - p.args().size());
  }

  private static String parameter(Program p, int k, int inputs) {
    String t = Types.element(type(p, k));
    return k < inputs ? "const " + t + "* __restrict__ x" + k : t + "* __restrict__ y" + (k - inputs);
  }

  private static void finish(Launcher on, Program p, Made made, List<Object> arguments) {
    Body.constantArguments(p, made.constants(), arguments);
    if (made.faults()) {
      ErrorFlags.Claim claim = on.claim(Body.division(p));
      arguments.add(claim.address());
      arguments.add(claim.id());
    } else {
      arguments.add(0L);
      arguments.add(0);
    }
  }
}
