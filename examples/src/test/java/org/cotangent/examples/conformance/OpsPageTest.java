package org.cotangent.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.CotangentException;
import org.cotangent.testkit.OpRow;
import org.cotangent.testkit.OpRow.Kind;
import org.cotangent.testkit.OpRow.Part;
import org.cotangent.testkit.OpTable;
import org.junit.jupiter.api.Test;

/**
 * docs/ops.md is what the code says: PyTorch's names from the table of the conformance command, ours by the rule that snake_case becomes
 * camelCase or from op-names.txt, types by trying them, derivatives from the contract's table.
 */
class OpsPageTest {
  private static final List<DType> TRIED = List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16, DType.INT64, DType.BOOL);

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("docs")) ? here : here.getParent();
  }

  @Test
  void thePageIsUpToDate() throws IOException, URISyntaxException {
    String page = page();
    Path made = Files.createDirectories(root().resolve("examples/target")).resolve("ops.md");
    Files.writeString(made, page);
    Path docs = root().resolve("docs/ops.md");
    assertThat(Files.exists(docs) ? Files.readString(docs) : "")
        .as("docs/ops.md is stale: copy examples/target/ops.md, which this test has written, to docs/ops.md").isEqualTo(page);
  }

  private static String page() throws IOException, URISyntaxException {
    Map<String, String> methods = methods();
    Map<String, String> named = named();
    assertThat(named.values().stream().map(n -> n.substring(n.indexOf('.') + 1).toLowerCase(Locale.ROOT)).toList()).as("op-names.txt").isSubsetOf(methods.keySet());
    var lines = new ArrayList<String>();
    var unknown = new ArrayList<String>();
    for (String api : Apis.all().names()) {
      String first = AliasApis.first(api);
      String own = named.containsKey(first) ? named.get(first) : methods.get(key(first));
      if (own == null) {
        unknown.add(api);
      } else {
        lines.add("| `" + api + "` | `" + own + "` | " + kinds(own) + " |");
      }
    }
    assertThat(unknown).as("no method of this name; say what it is called in op-names.txt").isEmpty();
    return HEAD.replace("CUDA_STATE", cuda()) + String.join("\n", lines) + "\n";
  }

  private static final String HEAD = """
      # Operations by their names in PyTorch

      Written by `OpsPageTest` from the code: the test fails when this page is stale, and leaves the right one in `examples/target/ops.md`.

      - *types*: what the operation accepts for its floating operands: float (float16, bfloat16, float32, float64), int, bool.
      - *derivatives*: *any*: forward and reverse mode to every order (the contract checks the second by central differences); *none*:
        piecewise constant, or no floating operand; *-*: a factory, or not an operation of its own.
      - CPU: every operation. CUDA: CUDA_STATE.

      ## Not here

      - Complex numbers, and so `torch.linalg.eig` and `eigvals` of matrices that are not symmetric, `torch.fft` and what is made of it.
        Symmetric matrices have `Linalg.eigh`. `T`, `H`, `real`, `conj` and their kin are there for real numbers.
      - Sparse, quantised and named tensors.
      - `PackedSequence`: `RNN`, `GRU` and `LSTM` take padded sequences and their lengths in `runPadded`, with the same results.

      ## Other numbers than PyTorch's

      - The second derivative of norms at 0 is 0, as the first; PyTorch's is NaN.
      - Vectors that complete U or V of `svd` with full matrices have a derivative, right for whatever does not depend on their choice,
        such as the projection on them; PyTorch's is 0.
      - `triangular_solve` has no derivative by the triangle that it does not read; in PyTorch that is so of gradients, not of tangents.
      - Bessel functions J and Y beyond 5 and `airy_ai` below -2 differ by up to 1e-7: PyTorch 1.13's are that far from the tables.
      - Where PyTorch 1.13 contradicts itself (tangents of products by `scatter_reduce`, of `logcumsumexp` at large numbers, of
        `masked.logaddexp` where a mask leaves nothing, of `cholesky_inverse`; gradients of `as_strided_scatter`) the derivative is that of
        the value. `max_unpool` with a position that occurs twice has PyTorch's gradient, and the tangent that belongs to it.
      - Where equal operands leave a choice (`fmax`, `fmin`, `clamp` with tensors, `prelu` at 0), tangents belong to PyTorch's gradients; its
        own tangents choose the other operand. The same holds for `gaussian_nll_loss` with a variance below eps.
      - Ties in `segment_reduce` share gradients of either sign evenly; PyTorch's share only positive ones. In `scatter_reduce` and
        `index_reduce` without the tensor itself, its elements take no share.
      - The gradient of `det` at an exactly singular matrix is its cofactors; PyTorch's is 0. The slope of `binary_cross_entropy` by the
        target at a probability of 0 or 1 is that of the value, at most 100; PyTorch's is infinite. The slope of `poisson_nll_loss` at a
        target of 0 is finite; PyTorch's is NaN. `celu` reads its alpha in double precision for the slope, too.
      - `zeta` and `polygamma` at infinity and `hardswish` at minus infinity are their limit, 0; PyTorch's are NaN. The mantissa of
        `frexp` has a finite slope at numbers below 2⁻¹²⁷.
      - `igamma` and `igammac` near large first arguments, and their slopes, are right to some roundings; PyTorch 1.13's are up to 1e-9 off
        where a is some hundreds, and its slopes are lost from 1e15 on.
      - Means of numbers with an infinity (`var_mean`, `std_mean`, `native_layer_norm`) are infinite, and so is what a norm with an infinite
        weight gives; PyTorch's running means and products give NaN. Formulas whose infinities cancel in one order of operations and not
        in another differ at infinity elsewhere, too.
      - At NaN the slopes of `hardtanh`, `relu6`, `elu` and its kin, of `softshrink`, `hardshrink` and `hardswish` are those of the branch that a
        comparison with NaN leaves; PyTorch's depend on where in memory the element lies.
      - Polynomials of a degree above a million are refused: a degree takes as many steps. PyTorch takes them, or cosines.
      - The largest of an `embedding_bag` with a NaN is NaN; in PyTorch only if the NaN comes first.
      - `histc` leaves NaN out, as PyTorch's documentation says; PyTorch 1.13 counts it. The mean of bool without a mask by `masked.mean` counts
        all elements.
      - `einsum` of narrow integers multiplies what one tensor's own sum made int64 with the others in int64; PyTorch refuses to.
      - Which of equal elements `topk`, `kthvalue` and `mode` point to, and the order of `unique` without sorting, are left open by PyTorch.
      - Floating numbers become integers through int64: limited to its range, NaN as 0, then wrapped to narrower types. Beyond the range of
        the type, PyTorch's depend on the machine. Shifts by more bits than there are give 0, or -1, as in PyTorch 2.
      - `addmm`, `addcmul` and their kin refuse factors with a fraction for integers; PyTorch 1.13 cuts it off.

      ## The table

      | PyTorch | Cotangent | types | derivatives |
      |---|---|---|---|
      """;

  /** What the page says of CUDA: no more than that there is a backend. */
  private static String cuda() {
    return Files.isDirectory(root().resolve("cuda-backend/src/main"))
        ? "the same operations through the same interface, factorisations, Bessel functions and `igamma` on the host;\n"
            + "  what of them was verified, and on what, says [gpu.md](gpu.md)" : "none yet";
  }

  private static String key(String api) {
    return api.substring(api.lastIndexOf('.') + 1).replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** "Class.method" by the method's name in lower case; methods of tensors before functions. */
  private static Map<String, String> methods() throws IOException, URISyntaxException {
    var r = new HashMap<String, String>();
    for (String name : library()) {
      add(r, name.substring(name.lastIndexOf('.') + 1), load(name));
    }
    add(r, "Shape", Shape.class);
    for (Class<?> mixin : Tensor.class.getInterfaces()) {
      add(r, "Tensor", mixin);
    }
    add(r, "Tensor", Tensor.class);
    return r;
  }

  private static void add(Map<String, String> to, String owner, Class<?> c) {
    for (Method m : c.getDeclaredMethods()) {
      if (Modifier.isPublic(m.getModifiers()) && !m.isSynthetic()) {
        to.put(m.getName().toLowerCase(Locale.ROOT), owner + "." + m.getName());
      }
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public classes of functions. */
  private static List<String> library() throws IOException, URISyntaxException {
    Path at = Path.of(Tensor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(at)) {
      return classes(at.resolve("org/cotangent/ops"));
    }
    try (var jar = FileSystems.newFileSystem(at)) {
      return classes(jar.getPath("/org/cotangent/ops"));
    }
  }

  private static List<String> classes(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".class") && !n.contains("$") && !n.startsWith("package"))
          .map(n -> "org.cotangent.ops." + n.replace(".class", "")).filter(n -> Modifier.isPublic(load(n).getModifiers())).sorted().toList();
    }
  }

  private static Map<String, String> named() throws IOException {
    var r = new TreeMap<String, String>();
    var in = OpsPageTest.class.getResourceAsStream("op-names.txt");
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line : reader.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        String[] words = line.split("\\s+", 2);
        r.put(words[0], words[1]);
      }
    }
    return r;
  }

  // ---- what the contract's table says of a method

  private static String kinds(String own) {
    String method = own.substring(own.indexOf('.') + 1);
    boolean masked = own.startsWith("Masked.");
    List<OpRow> rows = OpTable.rows().stream().filter(r -> r.op().equals(method) && r.name().endsWith(" masked") == masked).toList();
    if (rows.isEmpty() || method.endsWith("Window")) { // whose rows multiply by it
      return "- | -";
    }
    boolean real = rows.stream().anyMatch(r -> r.inputs().stream().anyMatch(i -> i.kind() == Kind.REAL));
    boolean first = real && rows.stream().anyMatch(r -> !r.without().contains(Part.FIRST));
    boolean second = first && rows.stream().anyMatch(r -> !r.without().contains(Part.FIRST) && !r.without().contains(Part.SECOND));
    return types(rows, real) + " | " + (second ? "any" : first ? "1" : "none");
  }

  private static String types(List<OpRow> rows, boolean real) {
    List<DType> taken = TRIED.stream().filter(t -> rows.stream().anyMatch(r -> takes(r, t))).toList();
    if (!real) {
      return "int, bool";
    }
    String floats = TRIED.stream().filter(DType::floating).allMatch(taken::contains) ? "float"
        : taken.stream().filter(DType::floating).map(t -> t.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    return floats + (taken.contains(DType.INT64) ? ", int" : "") + (taken.contains(DType.BOOL) ? ", bool" : "");
  }

  private static boolean takes(OpRow r, DType type) {
    var random = new Random(1);
    Tensor[] in = r.inputs().stream().map(i -> {
      int n = Arrays.stream(i.shape()).reduce(1, (a, b) -> a * b);
      Tensor t = i.kind() == Kind.REAL ? Tensor.of(random.doubles(n, i.low(), i.high()).toArray(), i.shape()).to(type)
          : Tensor.of(random.longs(n, (long) i.low(), (long) i.high()).toArray(), i.shape());
      return i.kind() == Kind.MASK ? t.to(DType.BOOL) : t;
    }).toArray(Tensor[]::new);
    try {
      for (Tensor y : r.f().apply(in)) {
        y.toArray();
      }
      return true;
    } catch (CotangentException e) {
      return false;
    }
  }
}
