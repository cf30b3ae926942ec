package org.cotangent.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.cuda.CudaException;
import org.cotangent.errors.CotangentException;
import org.cotangent.testkit.OpRow;
import org.cotangent.testkit.OpRow.Kind;
import org.cotangent.testkit.OpRow.Part;

/**
 * Compares an operation on a device with the same on the CPU, which the build tests against definitions and differences: values in each
 * floating type, of other layouts and of empty inputs, tangents, cotangents, second derivatives, and vmap.
 */
final class Operations {
  private static final int EXAMPLES = 3;
  /** For float64: what different orders of sums and different elementary functions make. */
  private static final double EXACT = 1e-10;
  private static final double DERIVED = 1e-8;

  private final Device device;
  private int compared;
  private int refused;

  Operations(Device device) {
    this.device = device;
  }

  /** A part of an operation that differs from the CPU's. */
  record Difference(String operation, String part, String what) {}

  private interface Work {
    List<Tensor> with(Samples s);
  }

  /** Parts that were compared so far. */
  int compared() {
    return compared;
  }

  /** Those of them that both devices refuse. */
  int refused() {
    return refused;
  }

  /** What differs for a row, a line a part. */
  List<Difference> check(OpRow r) {
    var found = new ArrayList<Difference>();
    boolean real = r.inputs().stream().anyMatch(i -> i.kind() == Kind.REAL);
    boolean first = real && !r.without().contains(Part.FIRST);
    part(found, r, "value", EXACT, s -> apply(r, s.inputs(r, DType.FLOAT64)));
    if (real) {
      part(found, r, "value in float32", 4 * r.tolerance(), s -> apply(r, s.inputs(r, DType.FLOAT32)));
    }
    for (DType half : real && r.roundings() > 0 ? List.of(DType.FLOAT16, DType.BFLOAT16) : List.<DType>of()) {
      part(found, r, "value in " + half, r.roundings() * half.epsilon() + 4 * r.tolerance(), s -> apply(r, s.inputs(r, half)));
    }
    part(found, r, "value of a view", EXACT, s -> apply(r, s.strided(r)));
    r.empty().ifPresent(shapes -> part(found, r, "value of empty inputs", EXACT, s -> apply(r, s.inputs(r, shapes))));
    if (first) {
      part(found, r, "tangent", DERIVED, s -> tangent(r, s, s.inputs(r, DType.FLOAT64)));
      part(found, r, "cotangent", DERIVED, s -> cotangent(r, s, s.inputs(r, DType.FLOAT64)));
      part(found, r, "cotangent in float32", 100 * r.tolerance(), s -> cotangent(r, s, s.inputs(r, DType.FLOAT32)));
      if (!r.without().contains(Part.SECOND)) {
        part(found, r, "second derivative", DERIVED, s -> second(r, s));
      }
    }
    if (!r.without().contains(Part.VMAP)) {
      part(found, r, "vmap", EXACT, s -> mapped(r, s));
    }
    return found;
  }

  private void part(List<Difference> found, OpRow r, String name, double tolerance, Work work) {
    compared++;
    try (var _ = MemoryScope.open()) {
      Numbers want = numbers(r, Device.CPU, work);
      refused += want.refusal().isPresent() ? 1 : 0;
      differs(want, numbers(r, device, work), tolerance).ifPresent(w -> found.add(new Difference(r.name(), name, w)));
    }
  }

  /** The results, and of each its type and shape; or the type of the exception, and its message. */
  private record Numbers(List<String> specs, List<double[]> values, Optional<String> refusal) {}

  /** A device that is lost ends the check. */
  private static Numbers numbers(OpRow r, Device on, Work work) {
    try {
      List<Tensor> y = work.with(new Samples(r, on));
      return new Numbers(y.stream().map(t -> t.dtype() + " " + t.shape()).toList(),
          y.stream().map(t -> t.detach().to(DType.FLOAT64).toDoubleArray()).toList(), Optional.empty());
    } catch (CudaException e) {
      if (e.sticky()) {
        throw e;
      }
      return refused(e);
    } catch (CotangentException e) {
      return refused(e);
    }
  }

  private static Numbers refused(CotangentException e) {
    return new Numbers(List.of(e.getClass().getSimpleName()), List.of(), Optional.of(e.getMessage().lines().findFirst().orElse("")));
  }

  private static Optional<String> differs(Numbers want, Numbers got, double tolerance) {
    if (!want.specs().equals(got.specs())) {
      return Optional.of(got.specs() + " and not " + want.specs() + got.refusal().map(m -> ": " + m).orElse(""));
    }
    for (int j = 0; j < want.values().size(); j++) {
      double[] w = want.values().get(j);
      double[] g = got.values().get(j);
      for (int e = 0; e < w.length; e++) {
        boolean near = Double.isFinite(w[e]) && Math.abs(g[e] - w[e]) <= tolerance * (1 + Math.abs(w[e]));
        if (Double.compare(g[e], w[e]) != 0 && !near) {
          return Optional.of("result " + j + " " + want.specs().get(j) + ", element " + e + ": " + g[e] + ", on the cpu " + w[e]);
        }
      }
    }
    return Optional.empty();
  }

  // ---- what is compared

  private static List<Tensor> apply(OpRow r, List<Tensor> x) {
    return List.of(r.f().apply(x.toArray(Tensor[]::new)));
  }

  private static Function<List<Tensor>, List<Tensor>> real(OpRow r) {
    return x -> apply(r, x).stream().filter(t -> t.dtype().floating()).toList();
  }

  private static List<Tensor> tangent(OpRow r, Samples s, List<Tensor> x) {
    return Autograd.jvpTree(real(r), x, s.directions(x)).tangent();
  }

  private static List<Tensor> cotangent(OpRow r, Samples s, List<Tensor> x) {
    var pullback = Autograd.vjpTree(real(r), x);
    return pullback.apply(s.directions(pullback.value()));
  }

  private static List<Tensor> mapped(OpRow r, Samples s) {
    Integer[] first = new Integer[r.inputs().size()];
    Arrays.fill(first, 0);
    return Autograd.vmapTree((List<Tensor> x) -> apply(r, x), Autograd.in(first)).apply(s.examples(r, EXAMPLES));
  }

  private static List<Tensor> second(OpRow r, Samples s) {
    List<Tensor> x = s.inputs(r, DType.FLOAT64);
    List<Tensor> ct = s.directions(real(r).apply(x));
    return Autograd.jvpTree((List<Tensor> p) -> Autograd.vjpTree(real(r), p).apply(ct), x, s.directions(x)).tangent();
  }
}
