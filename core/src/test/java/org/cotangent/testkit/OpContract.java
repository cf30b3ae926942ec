package org.cotangent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.VmapOptions;
import org.cotangent.errors.DTypeException;
import org.cotangent.testkit.OpRow.Kind;
import org.cotangent.testkit.OpRow.Part;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every operation of {@link OpTable} fulfils on a device. A backend's test is a subclass that names the device.
 *
 * <p>Written J for the Jacobian: float32 is near float64; the layout of an input does not matter; J t is the central difference;
 * ⟨ct, J t⟩ = ⟨Jᵀ ct, t⟩; the derivative of Jᵀ ct is its central difference, the same in both modes and symmetric; vmap is a loop,
 * of the function and of its pullback, whichever inputs are mapped.
 */
public abstract class OpContract {
  private static final double STEP = 1e-6;
  private static final int EXAMPLES = 3;
  private final Device device;
  private final int part;
  private final int parts;

  /** The contract on {@code device}. */
  protected OpContract(Device device) {
    this(device, 0, 1);
  }

  /** Part {@code part} of {@code parts}, counted from 0, of the contract, for test classes that run side by side. */
  protected OpContract(Device device, int part, int parts) {
    this.device = device;
    this.part = part;
    this.parts = parts;
  }

  @TestFactory
  final Stream<DynamicNode> everyOperation() {
    List<OpRow> rows = OpTable.rows();
    return IntStream.range(0, rows.size()).filter(i -> i % parts == part).mapToObj(rows::get)
        .map(r -> DynamicContainer.dynamicContainer(r.name(), tests(r)));
  }

  private Stream<DynamicNode> tests(OpRow r) {
    var t = new ArrayList<DynamicNode>();
    boolean real = r.inputs().stream().anyMatch(i -> i.kind() == Kind.REAL);
    add(t, r, "float32 is near float64", real, this::float32);
    for (DType half : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      boolean defined = real && r.roundings() > 0;
      add(t, r, half + " is float64 rounded", defined, x -> half(x, half));
      add(t, r, half + " has cotangents of its type", defined && !r.without().contains(Part.FIRST), x -> halfCotangents(x, half));
      add(t, r, half + " is refused", real && r.roundings() == 0, x -> halfRefused(x, half));
    }
    add(t, r, "the layout of an input does not matter", true, this::layouts);
    add(t, r, "empty inputs are taken", r.empty().isPresent(), this::empty);
    add(t, r, "scalars are taken", r.scalar(), this::scalars);
    boolean first = real && !r.without().contains(Part.FIRST);
    boolean second = first && !r.without().contains(Part.SECOND);
    boolean map = !r.without().contains(Part.VMAP);
    add(t, r, "jvp is the central difference", first, this::jvp);
    add(t, r, "vjp is the transpose of jvp", first, this::transpose);
    add(t, r, "the second derivative is right in both modes and symmetric", second, this::second);
    add(t, r, "vmap is a loop", map, this::vmap);
    add(t, r, "vmap of the pullback is a loop", map && first, this::vmapOfPullback);
    add(t, r, "in place through a view it is the function", first && keepsItsInput(r), this::inPlace);
    for (OpRow.Refusal refusal : r.refusals()) {
      t.add(DynamicTest.dynamicTest("refuses " + refusal.what(), () -> assertThatThrownBy(refusal.call()::run)
          .isInstanceOf(refusal.type()).hasMessageStartingWith(r.op() + ":").hasMessageContaining(refusal.phrase())));
    }
    return t.stream();
  }

  private static void add(List<DynamicNode> to, OpRow r, String what, boolean applies, Consumer<OpRow> check) {
    if (applies) {
      to.add(DynamicTest.dynamicTest(what, () -> {
        try (MemoryScope _ = MemoryScope.open()) {
          check.accept(r);
        }
      }));
    }
  }

  // ---- values

  private void float32(OpRow r) {
    var s = new Samples(r, device);
    List<Tensor> narrow = s.inputs().stream().map(x -> real(x) ? x.to(DType.FLOAT32) : x).toList();
    List<Tensor> wide = narrow.stream().map(x -> real(x) ? x.to(DType.FLOAT64) : x).toList();
    List<Tensor> got = apply(r, narrow);
    List<Tensor> want = apply(r, wide);
    for (int j = 0; j < got.size(); j++) {
      assertThat(got.get(j).dtype()).as("type of result %d", j)
          .isEqualTo(want.get(j).dtype() == DType.FLOAT64 ? DType.FLOAT32 : want.get(j).dtype());
      assertThat(got.get(j).shape()).isEqualTo(want.get(j).shape());
      near("result " + j, got.get(j).toDoubleArray(), want.get(j).toDoubleArray(), r.tolerance());
    }
  }

  private static List<Tensor> to(DType t, List<Tensor> x) {
    return x.stream().map(v -> real(v) ? v.to(t) : v).toList();
  }

  /**
   * With u half the epsilon of the type, an operation that rounds its result once is within u |y| of the exact y, beside what float32
   * loses on the way; one made of n such is within n u times the largest number on the way, for which 1 + |y| stands.
   */
  private void half(OpRow r, DType half) {
    List<Tensor> x = to(half, new Samples(r, device).inputs());
    List<Tensor> got = apply(r, x);
    List<Tensor> want = apply(r, to(DType.FLOAT64, x));
    for (int j = 0; j < got.size(); j++) {
      assertThat(got.get(j).dtype()).as("type of result %d", j)
          .isEqualTo(want.get(j).dtype() == DType.FLOAT64 ? half : want.get(j).dtype());
      assertThat(got.get(j).shape()).isEqualTo(want.get(j).shape());
      near("result " + j, got.get(j).toDoubleArray(), want.get(j).toDoubleArray(), r.roundings() * half.epsilon() / 2 + r.tolerance());
    }
  }

  /**
   * A pullback reads inputs or results that were rounded, and rounds itself: twice the roundings of the function and one, of numbers as
   * large as the largest cotangent.
   */
  private void halfCotangents(OpRow r, DType half) {
    var s = new Samples(r, device);
    List<Tensor> x = to(half, s.inputs());
    List<Tensor> ct = s.cotangents(outputs(r).apply(x));
    List<Tensor> got = pullback(r, x, ct);
    List<Tensor> want = pullback(r, to(DType.FLOAT64, x), to(DType.FLOAT64, ct));
    for (int i = 0; i < got.size(); i++) {
      assertThat(got.get(i).dtype()).as("type of cotangent %d", i).isEqualTo(x.get(i).dtype());
      double[] w = want.get(i).toDoubleArray();
      double largest = Arrays.stream(w).map(Math::abs).max().orElse(0);
      near("cotangent " + i, got.get(i).toDoubleArray(), w, (2 * r.roundings() + 1) * half.epsilon() / 2 * (1 + largest) + r.tolerance());
    }
  }

  private void halfRefused(OpRow r, DType half) {
    List<Tensor> x = to(half, new Samples(r, device).inputs());
    assertThatThrownBy(() -> apply(r, x)).isInstanceOf(DTypeException.class).hasMessageContaining(half + "; convert with to(DType.FLOAT32)");
  }

  private void layouts(OpRow r) {
    var s = new Samples(r, device);
    for (int i = 0; i < r.inputs().size(); i++) {
      for (Samples.Layout l : s.layouts(i)) {
        List<Tensor> strided = s.with(i, l.view());
        var dense = new ArrayList<>(strided);
        dense.set(i, Samples.dense(l.view()));
        String what = "input " + i + " " + l.name();
        same(what, apply(r, strided), apply(r, dense), 1e-12);
        if (smooth(r, l)) {
          List<Tensor> ct = s.cotangents(outputs(r).apply(dense));
          same("pullback, " + what, pullback(r, strided, ct), pullback(r, dense, ct), 1e-12);
        }
      }
    }
  }

  private static boolean smooth(OpRow r, Samples.Layout l) {
    boolean ties = l.repeats() && r.without().contains(Part.TIES);
    return !r.without().contains(Part.FIRST) && !ties && r.inputs().stream().anyMatch(i -> i.kind() == Kind.REAL);
  }

  private void empty(OpRow r) {
    List<Tensor> x = new Samples(r, device, r.empty().orElseThrow()).inputs();
    List<Tensor> y = apply(r, x);
    y.forEach(Tensor::toDoubleArray);
    if (!r.without().contains(Part.FIRST)) {
      List<Tensor> fy = outputs(r).apply(x);
      same("shapes of cotangents", pullback(r, x, fy), x.stream().map(Tensor::zerosLike).toList(), Double.POSITIVE_INFINITY);
    }
  }

  private void scalars(OpRow r) {
    List<int[]> none = r.inputs().stream().map(_ -> new int[0]).toList();
    List<Tensor> x = new Samples(r, device, none).inputs();
    List<Tensor> y = apply(r, x);
    List<Tensor> vector = apply(r, x.stream().map(v -> v.reshape(1)).toList());
    for (int j = 0; j < y.size(); j++) {
      near("result " + j, y.get(j).toDoubleArray(), vector.get(j).toDoubleArray(), 1e-14);
    }
    if (!r.without().contains(Part.FIRST)) {
      transpose(r, x, 1e-10);
    }
  }

  // ---- derivatives

  private void jvp(OpRow r) {
    var s = new Samples(r, device);
    differences("tangent", outputs(r), s.inputs(), s.tangents());
  }

  /** Compares the tangents of g with its central differences. */
  private static void differences(String what, Function<List<Tensor>, List<Tensor>> g, List<Tensor> x, List<Tensor> u) {
    List<Tensor> got = Autograd.jvpTree(g, x, u).tangent();
    List<Tensor> high = g.apply(moved(x, u, STEP));
    List<Tensor> low = g.apply(moved(x, u, -STEP));
    for (int j = 0; j < got.size(); j++) {
      if (real(got.get(j))) {
        double[] h = high.get(j).toDoubleArray();
        double[] l = low.get(j).toDoubleArray();
        double[] n = IntStream.range(0, h.length).mapToDouble(e -> (h[e] - l[e]) / (2 * STEP)).toArray();
        near(what + " " + j, got.get(j).toDoubleArray(), n, 2e-6);
      }
    }
  }

  private static List<Tensor> moved(List<Tensor> x, List<Tensor> u, double step) {
    return IntStream.range(0, x.size()).mapToObj(i -> real(x.get(i)) ? x.get(i).add(u.get(i).mul(step)) : x.get(i)).toList();
  }

  private void transpose(OpRow r) {
    List<Tensor> x = new Samples(r, device).inputs();
    transpose(r, x, 1e-10);
    transpose(r, x.stream().map(v -> real(v) ? v.to(DType.FLOAT32) : v).toList(), 20 * r.tolerance());
  }

  private void transpose(OpRow r, List<Tensor> x, double tolerance) {
    var s = new Samples(r, device);
    List<Tensor> u = x.stream().map(s::tangent).toList();
    List<Tensor> y = outputs(r).apply(x);
    List<Tensor> ct = s.cotangents(y);
    double[] left = inner(ct, Autograd.jvpTree(outputs(r), x, u).tangent());
    double[] right = inner(pullback(r, x, ct), u);
    assertThat(Math.abs(left[0] - right[0]) <= tolerance * (1 + Math.max(left[1], right[1])))
        .as("⟨ct, J t⟩ = %s, ⟨Jᵀ ct, t⟩ = %s", left[0], right[0]).isTrue();
  }

  /** The inner product, and the sum of its terms' magnitudes. */
  private static double[] inner(List<Tensor> a, List<Tensor> b) {
    double[] r = new double[2];
    for (int i = 0; i < a.size(); i++) {
      double[] x = a.get(i).toDoubleArray();
      double[] y = b.get(i).toDoubleArray();
      for (int e = 0; real(a.get(i)) && e < x.length; e++) {
        r[0] += x[e] * y[e];
        r[1] += Math.abs(x[e] * y[e]);
      }
    }
    return r;
  }

  private void second(OpRow r) {
    var s = new Samples(r, device);
    List<Tensor> x = s.inputs();
    List<Tensor> u = s.tangents();
    List<Tensor> v = s.tangents();
    List<Tensor> ct = s.cotangents(outputs(r).apply(x));
    Function<List<Tensor>, List<Tensor>> g = p -> pullback(r, p, ct);
    differences("tangent of cotangent", g, x, u);
    List<Tensor> hu = Autograd.jvpTree(g, x, u).tangent();
    List<Tensor> hv = Autograd.jvpTree(g, x, v).tangent();
    double[] vhu = inner(v, hu);
    double[] uhv = inner(u, hv);
    assertThat(Math.abs(vhu[0] - uhv[0]) <= 1e-9 * (1 + vhu[1] + uhv[1])).as("⟨v, H u⟩ = %s, ⟨u, H v⟩ = %s", vhu[0], uhv[0]).isTrue();
    same("reverse over reverse", Autograd.vjpTree(g, x).apply(u), hu, 1e-9);
    Function<List<Tensor>, List<Tensor>> t = p -> Autograd.jvpTree(outputs(r), p, u).tangent();
    same("reverse over forward", Autograd.vjpTree(t, x).apply(ct), hu, 1e-9);
  }

  // ---- in place

  /** Whether the first result could take the place of the first input. */
  private boolean keepsItsInput(OpRow r) {
    try (MemoryScope _ = MemoryScope.open()) {
      List<Tensor> x = new Samples(r, device).inputs();
      Tensor y = apply(r, x).get(0);
      return real(y) && y.shape().equals(x.get(0).shape()) && y.dtype() == x.get(0).dtype();
    }
  }

  /** Half of a tensor becomes f of itself: the other half stays, its base and its siblings see it, and gradients flow through. */
  private void inPlace(OpRow r) {
    List<Tensor> x = new Samples(r, device).inputs();
    Tensor leaf = x.get(0).copy().requiresGrad_();
    Tensor base = Tensor.stack(leaf, leaf.mul(2));
    Tensor sibling = base.get(0);
    base.get(0).apply_(r.op() + "_", v -> apply(r, with(x, v)).get(0));
    Tensor want = apply(r, x).get(0);
    near("the part written", sibling.toDoubleArray(), want.toDoubleArray(), 1e-12);
    near("the part beside it", base.get(1).toDoubleArray(), x.get(0).mul(2).toDoubleArray(), 0);
    Tensor ct = Tensor.full(want.shape(), 0.5, want.dtype(), want.device());
    sibling.backward(ct);
    Tensor plain = x.get(0).copy().requiresGrad_();
    Tensor y = apply(r, with(x, plain)).get(0);
    double[] zeros = new double[(int) want.size()];
    if (y.requiresGrad()) {
      y.backward(ct);
    }
    near("the gradient", leaf.hasGrad() ? leaf.grad().toDoubleArray() : zeros, plain.hasGrad() ? plain.grad().toDoubleArray() : zeros, 1e-12);
  }

  private static List<Tensor> with(List<Tensor> x, Tensor first) {
    var r = new ArrayList<>(x);
    r.set(0, first);
    return r;
  }

  // ---- vmap

  private void vmap(OpRow r) {
    loop(r, "result", v -> apply(r, v));
  }

  private void vmapOfPullback(OpRow r) {
    var s = new Samples(r, device);
    List<Tensor> ct = s.cotangents(outputs(r).apply(s.inputs()));
    loop(r, "cotangent", v -> pullback(r, v, ct));
  }

  /** Compares vmap with a loop: all inputs mapped, each alone, and the first along its last axis. */
  private void loop(OpRow r, String what, Function<List<Tensor>, List<Tensor>> g) {
    var s = new Samples(r, device);
    int n = r.inputs().size();
    for (int which = n == 1 ? 0 : -1; which < n; which++) {
      Integer[] axes = new Integer[n];
      Arrays.fill(axes, which < 0 ? 0 : Autograd.NONE);
      if (which >= 0) {
        axes[which] = which == 0 ? r.inputs().get(0).shape().length : 0;
      }
      var examples = IntStream.range(0, EXAMPLES).mapToObj(_ -> s.inputs()).toList();
      var stacked = new ArrayList<Tensor>();
      for (int i = 0; i < n; i++) {
        int at = i;
        stacked.add(axes[i] == Autograd.NONE
            ? examples.get(0).get(i)
            : Tensor.stack(axes[i], examples.stream().map(e -> e.get(at)).toArray(Tensor[]::new)));
      }
      VmapOptions in = Autograd.in(axes);
      List<Tensor> got = Autograd.vmapTree(g, in).apply(List.copyOf(stacked));
      for (int k = 0; k < EXAMPLES; k++) {
        var one = new ArrayList<Tensor>();
        for (int i = 0; i < n; i++) {
          one.add(examples.get(axes[i] == Autograd.NONE ? 0 : k).get(i));
        }
        int row = k;
        same(what + " of example " + k + ", axes " + Arrays.toString(axes), got.stream().map(t -> t.get(row)).toList(), g
            .apply(one), 1e-11);
      }
    }
  }

  // ---- helpers

  private static boolean real(Tensor t) {
    return t.dtype().floating();
  }

  private static List<Tensor> apply(OpRow r, List<Tensor> x) {
    return List.of(r.f().apply(x.toArray(Tensor[]::new)));
  }

  /** The floating results as a function of all inputs. */
  private static Function<List<Tensor>, List<Tensor>> outputs(OpRow r) {
    return x -> apply(r, x).stream().filter(OpContract::real).toList();
  }

  private static List<Tensor> pullback(OpRow r, List<Tensor> x, List<Tensor> ct) {
    return Autograd.vjpTree(outputs(r), x).apply(ct);
  }

  private static void same(String what, List<Tensor> got, List<Tensor> want, double tolerance) {
    assertThat(got).as(what).hasSameSizeAs(want);
    for (int j = 0; j < got.size(); j++) {
      assertThat(got.get(j).shape()).as(what + " " + j).isEqualTo(want.get(j).shape());
      near(what + " " + j, got.get(j).toDoubleArray(), want.get(j).toDoubleArray(), tolerance);
    }
  }

  private static void near(String what, double[] got, double[] want, double tolerance) {
    assertThat(got).as(what).hasSameSizeAs(want);
    for (int e = 0; e < got.length; e++) {
      boolean close = Double.compare(got[e], want[e]) == 0
          || Double.isFinite(want[e]) && Math.abs(got[e] - want[e]) <= tolerance * (1 + Math.abs(want[e]));
      assertThat(close).as("%s, element %d: %s, expected %s", what, e, got[e], want[e]).isTrue();
    }
  }
}
