package org.cotangent.cuda.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Reduction;

/**
 * The kernels that an audit looks at: the hand-written ones, one of each template, each scalar function, and those that were recorded.
 *
 * <p>{@code -Dcotangent.cuda.record=FOLDER} writes the text of every kernel that a process makes to files there; the tests of this backend
 * do so into {@code target/recorded}.
 */
public final class AuditedKernels {
  private static final Optional<Path> RECORD = Optional.ofNullable(System.getProperty("cotangent.cuda.record")).map(Path::of);
  private static final String SUFFIX = ".cu";

  private AuditedKernels() {}

  /** All of them, each text once. */
  public static List<KernelSource> all(List<Path> folders) throws IOException {
    Map<String, KernelSource> all = new LinkedHashMap<>();
    templates().forEach(s -> all.putIfAbsent(id(s), s));
    functions().forEach(s -> all.putIfAbsent(id(s), s));
    for (Path folder : folders) {
      recorded(folder).forEach(s -> all.putIfAbsent(id(s), s));
    }
    return List.copyOf(all.values());
  }

  /** The kernels of every file for float32, and one of each template of generated ones. */
  public static List<KernelSource> templates() {
    var all = new ArrayList<KernelSource>();
    String real = "ELEMENT=float";
    all.add(Sources.kernel("argreduce.cu", "argReduce", List.of(real, "VALUE=float", "RANK=4", "LARGEST=1", "LAST_NAN=0")));
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
    Expr e = Expr.call(Fn.EXP, Expr.call(Fn.SUB, x, Expr.call(Fn.ROW_MAX, x)));
    Program softmax = Program.of(List.of(Expr.call(Fn.DIV, e, Expr.call(Fn.ROW_SUM, e))), List.of(DType.FLOAT32));
    for (int held : new int[] {0, 32}) {
      all.add(RowText.source(new Rows.Key(softmax, 4, 1, List.of(false, false), held, held == 0 ? 1 : 4), List.of(), false));
    }
    return all;
  }

  /** A kernel for each scalar function and type that it has: dense operands for floating types, any strides for float32 and int64. */
  public static List<KernelSource> functions() {
    var all = new ArrayList<KernelSource>();
    for (Fn fn : Fn.values()) {
      if (fn.row() || fn == Fn.ARG || fn == Fn.CONST || fn == Fn.OUT || fn == Fn.CAST || fn == Fn.WHERE || fn == Fn.SLOPE_OF) {
        continue;
      }
      boolean bits = fn == Fn.AND || fn == Fn.OR || fn == Fn.XOR || fn == Fn.NOT || fn == Fn.GCD;
      List<DType> types = bits ? List.of(DType.INT64) : fn.floatOnly() ? List.of(DType.FLOAT32, DType.FLOAT64)
          : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64);
      types.forEach(t -> function(all, fn, t));
    }
    return all;
  }

  private static void function(List<KernelSource> to, Fn fn, DType type) {
    int n = fn.arity();
    Expr[] x = IntStream.range(0, n).mapToObj(Expr::arg).toArray(Expr[]::new);
    if (fn == Fn.POLYGAMMA) {
      x[0] = Expr.constant(2);
    }
    Body body = Body.of(Program.of(List.of(Expr.call(fn, x)), IntStream.range(0, n).mapToObj(_ -> type).toList()));
    if (type.floating()) {
      boolean[] dense = new boolean[n + 1];
      Arrays.fill(dense, true);
      to.add(Pointwise.flatSource(body, dense, n, body.heavy() ? 1 : 16 / type.bytes()));
    }
    if (type != DType.FLOAT64) {
      to.add(Pointwise.stridedSource(body, 4, n, false));
    }
  }

  static void record(KernelSource source) {
    RECORD.ifPresent(folder -> {
      try {
        Files.createDirectories(folder);
        Path file = folder.resolve(id(source) + SUFFIX);
        if (!Files.exists(file)) {
          Path partial = Files.createTempFile(folder, "new", ".part");
          Files.writeString(partial, source.text());
          Files.move(partial, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
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

  /** The kernel's name with the start of its text's SHA-256: "pointwise-0f3a...". */
  static String id(KernelSource source) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(source.text().getBytes(StandardCharsets.UTF_8));
      return source.name() + "-" + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
