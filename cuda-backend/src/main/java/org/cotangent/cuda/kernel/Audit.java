package org.cotangent.cuda.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.Compiler;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Reduction;

/**
 * What kernels need of a multiprocessor, as the compiler reports it: registers, shared memory, and local memory, which is slow.
 *
 * <p>{@code -Dcotangent.cuda.record=FOLDER} writes the text of every kernel that a process makes to files there, for a later audit.
 */
public final class Audit {
  /** The architectures that kernels are looked at for: Turing, Ampere (A100), Ada, Hopper and the two of Blackwell. */
  public static final List<Integer> ARCHITECTURES = List.of(75, 80, 89, 90, 100, 120);

  private static final Optional<Path> RECORD = Optional.ofNullable(System.getProperty("cotangent.cuda.record")).map(Path::of);
  private static final String SUFFIX = ".cu";
  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");
  private static final Pattern STACK = Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern REDUCING = Pattern.compile("= fn(Sin|Cos|Tan|Polygamma)\\(v");

  private Audit() {}

  /**
   * What one kernel needs on one architecture.
   *
   * @param registers a thread
   * @param shared bytes of static shared memory a block
   * @param local bytes of local memory a thread
   * @param spills bytes of registers stored and loaded again
   * @param reason why local memory is accepted; empty if there is none, or none is accepted
   */
  public record Need(String kernel, int architecture, int registers, int shared, int local, int spills, String reason) {
    /** Whether nothing spills, and no local memory is used without a reason. */
    public boolean good() {
      return spills == 0 && (local == 0 || !reason.isEmpty());
    }
  }

  /** Compiles a kernel for {@code sm_architecture} and reads the compiler's log. */
  public static Need of(KernelSource source, int architecture) {
    var options = new ArrayList<>(source.options());
    options.addAll(List.of("-Xptxas", "-v"));
    String log = Compiler.compile(new KernelSource(source.name(), source.text(), options), architecture, Compiler.Form.CUBIN).log();
    int local = 0;
    int spills = 0;
    for (Matcher m = STACK.matcher(log); m.find();) {
      local = Math.max(local, Integer.parseInt(m.group(1)));
      spills += Integer.parseInt(m.group(2)) + Integer.parseInt(m.group(3));
    }
    return new Need(source.name(), architecture, most(REGISTERS, log), most(SHARED, log), local, spills, local == 0 ? "" : reason(source));
  }

  private static int most(Pattern p, String log) {
    int most = 0;
    for (Matcher m = p.matcher(log); m.find();) {
      most = Math.max(most, Integer.parseInt(m.group(1)));
    }
    return most;
  }

  /** Why a kernel may use local memory, or "". */
  private static String reason(KernelSource source) {
    Matcher m = REDUCING.matcher(source.text());
    return m.find() ? m.group(1).toLowerCase(java.util.Locale.ROOT) + ": CUDA reduces large arguments of sine, cosine and tangent in an array" : "";
  }

  /** The kernels of every file for float32, and one of each template of generated ones. */
  public static List<KernelSource> templates() {
    var all = new ArrayList<KernelSource>();
    String real = "ELEMENT=float";
    all.add(Sources.kernel("argreduce.cu", "argReduce", List.of(real, "VALUE=float", "RANK=4", "LARGEST=1")));
    for (String entry : List.of("scanAlong", "scanAcross")) {
      all.add(Sources.kernel("scan.cu", entry, List.of(real, "ACCUMULATOR=double", "REDUCTION=SUM", "RANK=4")));
    }
    for (String entry : List.of("sortTiles", "sortMerge", "sortPick")) {
      all.add(Sources.kernel("sort.cu", entry, List.of(real, "RANK=4", "DESCENDING=0")));
    }
    for (String entry : List.of("scatterShort", "scatterSorted", "scatterAtomic")) {
      all.add(Sources.kernel("scatter.cu", entry, List.of(real, "RANK=4", "ATOMIC=1")));
    }
    all.add(Sources.kernel("gather.cu", "gather", List.of("ELEMENT=unsigned", "RANK=4")));
    all.add(Sources.kernel("overlap.cu", "overlapAdd", List.of(real, "RANK=4")));
    all.add(Sources.kernel("transpose.cu", "transpose", List.of("ELEMENT=unsigned", "RANK=2")));
    all.add(Sources.kernel("random.cu", "randomFill", List.of(real, "RANK=1", "NORMAL=1", "NARROW=1")));
    Expr x = Expr.arg(0);
    Expr y = Expr.arg(1);
    Program p = Program.of(List.of(Expr.call(Fn.ADD, Expr.call(Fn.MUL, x, Expr.call(Fn.TANH, y)), Expr.constant(3)), Expr.call(Fn.EXP, x)),
        List.of(DType.FLOAT32, DType.FLOAT32));
    all.add(Pointwise.flatSource(Body.of(p), new boolean[] {true, true, true, true}, 2, 4));
    all.add(Pointwise.stridedSource(Body.of(p), 4, 2, false));
    all.add(Pointwise.stridedSource(Body.of(p), 2, 2, true));
    Body one = Body.of(Program.of(List.of(x), List.of(DType.FLOAT32)));
    for (boolean across : new boolean[] {true, false}) {
      all.add(Reduce.source(new Reduce.Key(Reduction.SUM, one.program(), DType.FLOAT32, across, 4, 2), one));
    }
    return all;
  }

  static void record(KernelSource source) {
    RECORD.ifPresent(folder -> {
      try {
        Files.createDirectories(folder);
        Path file = folder.resolve(source.name() + "-" + Integer.toHexString(source.text().hashCode()) + SUFFIX);
        if (!Files.exists(file)) {
          Files.writeString(file, source.text());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** The kernels that were recorded in a folder. */
  public static List<KernelSource> recorded(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      var all = new ArrayList<KernelSource>();
      for (Path f : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
        String name = f.getFileName().toString();
        all.add(Sources.complete(name.substring(0, name.lastIndexOf('-')), Files.readString(f)));
      }
      return all;
    }
  }

  /** Audits for the architectures that are named first; the last argument may be a folder. Prints a line a kernel, for the process that asks. */
  public static void main(String[] arguments) throws IOException {
    int architecture = Integer.parseInt(arguments[0]);
    for (KernelSource s : arguments.length > 1 ? recorded(Path.of(arguments[1])) : templates()) {
      Need n = of(s, architecture);
      System.out.println(String.join("\t", n.kernel(), "" + architecture, "" + n.registers(), "" + n.shared(), "" + n.local(), "" + n.spills(), n.reason() + "."));
    }
  }
}
