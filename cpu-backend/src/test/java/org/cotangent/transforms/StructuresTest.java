package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.NONE;
import static org.cotangent.Autograd.in;
import static org.cotangent.Autograd.vmap;
import static org.cotangent.Autograd.vmapTree;
import static org.cotangent.transforms.Check.random;
import static org.cotangent.transforms.Check.same;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cotangent.Autograd;
import org.cotangent.Aux;
import org.cotangent.Jacobians;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorTree;
import org.cotangent.VmapOptions;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.CotangentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Arguments and results that are arrays, lists, maps and trees of tensors, and axes that vmap maps. */
@ExtendWith(LeakCheck.class)
class StructuresTest {
  /** A type of one's own. */
  private record Affine(Tensor w, Tensor b) implements TensorTree<Affine> {
    @Override
    public List<Tensor> leaves() {
      return List.of(w, b);
    }

    @Override
    public Affine withLeaves(List<Tensor> l) {
      return new Affine(l.get(0), l.get(1));
    }

    Tensor apply(Tensor x) {
      return x.matmul(w).add(b);
    }
  }

  private final Tensor w = random(1, 3, 2);
  private final Tensor b = random(2, 2);
  private final Tensor x = random(3, 4, 3);

  private Tensor loss(Tensor w, Tensor b) {
    return x.matmul(w).add(b).tanh().square().sum();
  }

  private Tensor dw() {
    return Autograd.grad(v -> loss(v, b)).apply(w);
  }

  private Tensor db() {
    return Autograd.grad(v -> loss(w, v)).apply(b);
  }

  @Test
  void gradTakesArraysListsMapsAndTrees() {
    Tensor[] a = Autograd.gradTree((Tensor[] p) -> loss(p[0], p[1])).apply(new Tensor[] {w, b});
    same(a[0], dw());
    same(a[1], db());
    List<Tensor> l = Autograd.gradTree((List<Tensor> p) -> loss(p.get(0), p.get(1))).apply(List.of(w, b));
    same(l.get(1), db());
    Map<String, Tensor> m = new LinkedHashMap<>();
    m.put("w", w);
    m.put("b", b);
    Map<String, Tensor> g = Autograd.gradTree((Map<String, Tensor> p) -> loss(p.get("w"), p.get("b"))).apply(m);
    assertThat(g).containsOnlyKeys("w", "b");
    same(g.get("w"), dw());
    Affine t = Autograd.gradTree((Affine p) -> p.apply(x).tanh().square().sum()).apply(new Affine(w, b));
    same(t.w(), dw());
    same(t.b(), db());
    Map<String, List<Affine>> deep = Autograd.gradTree((Map<String, List<Affine>> p) -> p.get("layers").get(0).apply(x).tanh().square().sum())
        .apply(Map.of("layers", List.of(new Affine(w, b))));
    same(deep.get("layers").get(0).b(), db());
  }

  @Test
  void valueAndGradGivesBoth() {
    var r = Autograd.valueAndGradTree((List<Tensor> p) -> loss(p.get(0), p.get(1))).apply(List.of(w, b));
    same(r.value(), loss(w, b));
    same(r.grad().get(0), dw());
  }

  @Test
  void vjpJvpAndLinearizeTakeAndGiveStructures() {
    Function<Affine, Map<String, Tensor>> f = p -> Map.of("y", p.apply(x), "n", p.w().square().sum());
    Affine at = new Affine(w, b);
    var pull = Autograd.vjpTree(f, at);
    Map<String, Tensor> ct = Map.of("y", random(4, 4, 2), "n", Tensor.scalar(0.5));
    Affine g = pull.apply(ct);
    same(g.b(), ct.get("y").sum(0));
    same(g.w(), x.t().matmul(ct.get("y")).add(w));
    Affine u = new Affine(random(5, 3, 2), random(6, 2));
    var push = Autograd.jvpTree(f, at, u);
    same(push.value().get("y"), at.apply(x));
    same(push.tangent().get("y"), x.matmul(u.w()).add(u.b()));
    same(push.tangent().get("n"), w.mul(u.w()).sum().mul(2));
    var line = Autograd.linearizeTree(f, at);
    same(line.apply(u).get("y"), push.tangent().get("y"));
    same(line.apply(u).get("n"), push.tangent().get("n"));
    same(line.value().get("n"), w.square().sum());
  }

  @Test
  void jacobiansAreFoundByPositionAndByName() {
    Function<Map<String, Tensor>, List<Tensor>> f = p -> List.of(x.matmul(p.get("w")).add(p.get("b")), p.get("b").exp());
    Map<String, Tensor> at = new LinkedHashMap<>();
    at.put("w", w);
    at.put("b", b);
    for (var j : List.of(Autograd.jacrevTree(f, 0).apply(at), Autograd.jacfwdTree(f, 0).apply(at), Autograd.jacrevTree(f, 3)
        .apply(at), Autograd.jacobianTree(f, at))) {
      assertThat(j.inputs()).containsExactly("w", "b");
      assertThat(j.outputs()).containsExactly("0", "1");
      assertThat(j.get("0", "w").shape()).isEqualTo(Shape.of(4, 2, 3, 2));
      same(j.get("1", "b"), Tensor.eye(2).to(b.dtype()).mul(b.exp()));
      same(j.get(1, 0), Tensor.zeros(2, 3, 2).to(b.dtype()));
      assertThatThrownBy(() -> j.get("2", "w")).isInstanceOf(ArgumentException.class).hasMessageContaining("no block");
    }
  }

  @Test
  void theHessiansOfAStructureAreSymmetricAcrossIt() {
    var h = Autograd.hessianTree((Affine p) -> p.apply(x).tanh().square().sum()).apply(new Affine(w, b));
    assertThat(h.get("0", "1").shape()).isEqualTo(Shape.of(3, 2, 2));
    same(h.get("0", "1"), h.get("1", "0").permute(1, 2, 0));
  }

  @Test
  void vmapMapsAnyAxisInAndOut() {
    Tensor a = random(7, 3, 5, 2);
    Tensor c = random(8, 2, 5);
    var f = vmap((p, q) -> p.matmul(q), in(1, 1).out(-1));
    Tensor y = f.apply(a, c);
    assertThat(y.shape()).isEqualTo(Shape.of(3, 5));
    for (int i = 0; i < 5; i++) {
      same(y.select(1, i), a.select(1, i).matmul(c.select(1, i)));
    }
    same(vmap((p, q) -> p.matmul(q), in(-2, NONE)).apply(a, c.select(1, 0)), a.movedim(1, 0).matmul(c.select(1, 0)));
  }

  @Test
  void eachPartOfTheResultsMayHaveAnOutAxisOfItsOwn() {
    Tensor a = random(7, 4, 3, 2);
    Function<Tensor, List<Tensor>> f = v -> List.of(v.mul(2), v.sum(0));
    List<Tensor> y = vmapTree(f, in(0).out(2, -1)).apply(a);
    same(y.get(0), a.mul(2).movedim(0, 2));
    same(y.get(1), a.sum(1).t());
    same(vmapTree(f, in(0).out(1)).apply(a).get(1), a.sum(1).t());
    assertThatThrownBy(() -> vmapTree(f, in(0).out(1, 0, 1)).apply(a)).isInstanceOf(ArgumentException.class)
        .hasMessage("vmapTree: 2 results and 3 axes");
    assertThatThrownBy(() -> vmapTree(f, in(0).out(0, 2)).apply(a)).hasMessage("vmapTree: out axis 2 is out of range for a result of [4, 2]");
  }

  @Test
  void vmapTakesStructuresWithAnAxisForEachArgument() {
    Function<List<Object>, Map<String, Tensor>> f = v -> {
      Affine p = (Affine) v.get(0);
      Tensor row = (Tensor) v.get(1);
      return Map.of("y", p.apply(row), "shared", p.b());
    };
    Map<String, Tensor> y = vmapTree(f, in(NONE, 0)).apply(List.of(new Affine(w, b), x));
    same(y.get("y"), x.matmul(w).add(b));
    same(y.get("shared"), b.expand(4, 2));
    Affine many = new Affine(random(9, 6, 3, 2), random(10, 6, 2));
    same(vmapTree(f, in(0, NONE)).apply(List.of(many, x.get(0))).get("y"), x.get(0).matmul(many.w()).add(many.b()));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> vmap((p, q) -> p.mul(q)).apply(random(1, 8), random(1, 6)))
        .isInstanceOf(ShapeException.class).hasMessage("vmap: mapped sizes differ: argument 0 has 8, argument 1 has 6");
    assertThatThrownBy(() -> vmap(p -> p).apply(Tensor.scalar(1.0))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("no axis to map");
    assertThatThrownBy(() -> vmap((p, q) -> p, in(NONE, NONE)).apply(x, x)).isInstanceOf(ArgumentException.class)
        .hasMessageContaining("no argument is mapped");
    assertThatThrownBy(() -> vmap((p, q) -> p, in(0)).apply(x, x)).isInstanceOf(ArgumentException.class)
        .hasMessageContaining("2 arguments and 1 axes");
    assertThatThrownBy(() -> VmapOptions.DEFAULT.chunk(0)).isInstanceOf(ArgumentException.class).hasMessageContaining("chunks of 0");
    assertThatThrownBy(() -> Autograd.grad(v -> v.square()).apply(b)).isInstanceOf(GradientException.class)
        .hasMessageContaining("not a scalar");
    assertThatThrownBy(() -> Autograd.grad(v -> v.sum()).apply(Tensor.of(1, 2))).isInstanceOf(DTypeException.class)
        .hasMessageContaining("no argument is a floating");
    assertThatThrownBy(() -> Autograd.jvp(v -> v, x, b)).isInstanceOf(GradientException.class)
        .hasMessageContaining("tangent 0 is [2], the input is [4, 3]");
    assertThatThrownBy(() -> Autograd.vjp(v -> v, x).apply(b)).isInstanceOf(GradientException.class)
        .hasMessageContaining("cotangent 0 is [2]");
    assertThatThrownBy(() -> Autograd.gradTree((Object v) -> w.sum()).apply("text")).isInstanceOf(ArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  @Test
  void anIntegerArgumentHasZeros() {
    Tensor at = Tensor.of(1L, 0L);
    List<Tensor> g = Autograd.gradTree((List<Tensor> v) -> v.get(0).indexSelect(0, v.get(1)).sum()).apply(List.of(b, at));
    same(g.get(0), Tensor.onesLike(b));
    assertThat(g.get(1).toLongArray()).containsExactly(0, 0);
  }

  @Test
  void aResultThatDoesNotDependOnTheArgumentHasAZeroDerivative() {
    same(Autograd.grad(v -> w.sum()).apply(b), Tensor.zerosLike(b));
    same(Autograd.jacrev(v -> w).apply(b), Tensor.zeros(3, 2, 2).to(b.dtype()));
    same(Autograd.jacfwd(v -> w).apply(b), Tensor.zeros(3, 2, 2).to(b.dtype()));
    same(Autograd.hessian(v -> v.sum()).apply(b), Tensor.zeros(2, 2).to(b.dtype()));
    same(vmap(v -> w).apply(b), w.expand(2, 3, 2));
  }

  private static Map<String, Tensor> ordered(String a, Tensor x, String b, Tensor y) {
    Map<String, Tensor> m = new LinkedHashMap<>();
    m.put(a, x);
    m.put(b, y);
    return m;
  }

  @Test
  void mapsAreMatchedByTheirKeysInWhateverOrder() {
    Function<Map<String, Tensor>, Map<String, Tensor>> f = v -> ordered("sum", v.get("p").add(v.get("q").mul(300)), "p", v.get("p").mul(2));
    Tensor zero = Tensor.zerosLike(b);
    Tensor one = Tensor.onesLike(b);
    Map<String, Tensor> at = ordered("p", b, "q", b);
    same(Autograd.jvpTree(f, at, ordered("q", zero, "p", one)).tangent().get("sum"), one);
    same(Autograd.linearizeTree(f, at).apply(ordered("q", zero, "p", one)).get("sum"), one);
    same(Autograd.vjpTree(f, at).apply(ordered("p", one, "sum", zero)).get("p"), one.mul(2));
    same(Autograd.hvpTree(v -> f.apply(v).get("sum").square().sum(), at, ordered("q", zero, "p", one)).get("p"), one.mul(2));
    assertThatThrownBy(() -> Autograd.vjpTree(f, at).apply(ordered("p", one, "total", zero))).isInstanceOf(GradientException.class)
        .hasMessage("vjpTree: the outputs are [sum, p], the cotangents [p, total]");
    assertThatThrownBy(() -> Autograd.jvpTree(f, at, Map.of("p", one))).isInstanceOf(GradientException.class)
        .hasMessage("jvpTree: 2 inputs and 1 tangents");
  }

  @Test
  void hessianVectorProductsAndChunksTakeStructures() {
    Function<Affine, Tensor> f = p -> p.apply(x).tanh().square().sum();
    Affine at = new Affine(w, b);
    Affine u = new Affine(random(11, 3, 2), random(12, 2));
    Jacobians h = Autograd.hessianTree(f).apply(at);
    Tensor want = h.get(0, 0).reshape(6, 6).matmul(u.w().reshape(6)).add(h.get(0, 1).reshape(6, 2).matmul(u.b()));
    same(Autograd.hvpTree(f, at, u).w().reshape(6), want);
    same(Autograd.vhpTree(f, at, u).w().reshape(6), want);
    same(Autograd.hessianTree(f, 2).apply(at).get(0, 1), h.get(0, 1));
  }

  @Test
  void blocksOfIntegersAreZerosInBothModes() {
    Function<List<Tensor>, List<Tensor>> f = v -> List.of(v.get(0).indexSelect(0, v.get(1)), v.get(0).argmax(0));
    List<Tensor> at = List.of(b, Tensor.of(1L, 0L));
    for (Jacobians j : List.of(Autograd.jacrevTree(f, 0).apply(at), Autograd.jacfwdTree(f, 0).apply(at))) {
      same(j.get(0, 0), Tensor.of(new double[][] {{0, 1}, {1, 0}}));
      assertThat(j.get(0, 1).toLongArray()).containsExactly(0, 0, 0, 0);
      assertThat(j.get(1, 0).toDoubleArray()).containsExactly(0, 0);
      assertThat(j.get(1, 0).shape()).isEqualTo(Shape.of(2));
    }
  }

  @Test
  void aResultWithoutAFloatingTensorHasNoDerivative() {
    List<Runnable> all = List.of(() -> Autograd.grad(v -> v.gt(0).sum()).apply(b), () -> Autograd.jacrev(v -> v.gt(0)).apply(b),
        () -> Autograd.jacfwd(v -> v.gt(0)).apply(b), () -> Autograd.jvp(v -> v.argmax(0), b, b), () -> Autograd.linearize(v -> v.gt(0), b));
    for (Runnable r : all) {
      assertThatThrownBy(r::run).isInstanceOf(DTypeException.class).hasMessageContaining("no result is a floating tensor");
    }
    Tensor n = Tensor.of(1L);
    List<Runnable> inputs = List.of(() -> Autograd.jacfwd(v -> v.mul(2.0)).apply(n), () -> Autograd.jvp(v -> v.mul(2.0), n, n),
        () -> Autograd.hessian(v -> v.mul(2.0).sum()).apply(n));
    for (Runnable r : inputs) {
      assertThatThrownBy(r::run).isInstanceOf(DTypeException.class).hasMessageContaining("no argument is a floating tensor");
    }
  }

  @Test
  void messagesNameWhatWasCalled() {
    List<Tensor> l = List.of(b);
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("grad", () -> Autograd.grad(v -> v).apply(b));
    calls.put("gradTree", () -> Autograd.gradTree((List<Tensor> v) -> v.get(0)).apply(l));
    calls.put("valueAndGrad", () -> Autograd.valueAndGrad(v -> v).apply(b));
    calls.put("valueAndGradTree", () -> Autograd.valueAndGradTree((List<Tensor> v) -> v.get(0)).apply(l));
    calls.put("vjpTree", () -> Autograd.vjpTree((List<Tensor> v) -> v, l).apply(List.of(x)));
    calls.put("jvpTree", () -> Autograd.jvpTree((List<Tensor> v) -> v, l, List.of(x)));
    calls.put("linearizeTree", () -> Autograd.linearizeTree((List<Tensor> v) -> v, l).apply(List.of(x)));
    calls.put("hessian", () -> Autograd.hessian(v -> v).apply(b));
    calls.put("hessianTree", () -> Autograd.hessianTree((List<Tensor> v) -> v.get(0)).apply(l));
    calls.put("hvp", () -> Autograd.hvp(v -> v.sum(), b, x));
    calls.put("hvpTree", () -> Autograd.hvpTree((List<Tensor> v) -> v.get(0).sum(), l, List.of(x)));
    calls.put("vhp", () -> Autograd.vhp(v -> v.sum(), b, x));
    calls.put("vhpTree", () -> Autograd.vhpTree((List<Tensor> v) -> v.get(0).sum(), l, List.of(x)));
    calls.put("jacrev", () -> Autograd.jacrev(v -> v, -1).apply(b));
    calls.put("jacrevTree", () -> Autograd.jacrevTree((List<Tensor> v) -> v, -1).apply(l));
    calls.put("jacfwd", () -> Autograd.jacfwd(v -> v, -1).apply(b));
    calls.put("jacfwdTree", () -> Autograd.jacfwdTree((List<Tensor> v) -> v, -1).apply(l));
    calls.put("jacobian", () -> Autograd.jacobian(v -> Tensor.scalar(v.get(0).item()), b));
    calls.put("jacobianTree", () -> Autograd.jacobianTree((List<Tensor> v) -> "text", l));
    calls.put("vmap", () -> vmap(v -> v, in(3)).apply(x));
    calls.put("vmapTree", () -> vmapTree((List<Tensor> v) -> v, in(3)).apply(l));
    calls.put("gradAux", () -> Autograd.gradAux((Tensor v) -> new Aux<>(v, v)).apply(b));
    calls.put("jacrevAux", () -> Autograd.jacrevAux((Tensor v) -> new Aux<>(v, v), -1).apply(b));
    calls.forEach((name, call) -> assertThatThrownBy(call::run).as(name).isInstanceOf(CotangentException.class)
        .message().matches("(" + name + ": .*)|(item: .* inside " + name + " .*)"));
    assertThatThrownBy(() -> vmap(v -> v, in(-3)).apply(x)).hasMessage("vmap: in axis -3 is out of range for argument 0 of [4, 3]");
    assertThatThrownBy(() -> vmap(v -> v, in(0).out(2)).apply(x)).hasMessage("vmap: out axis 2 is out of range for a result of [4, 3]");
    assertThatThrownBy(() -> Autograd.jacrev(v -> v, -2).apply(b)).isInstanceOf(ArgumentException.class)
        .hasMessage("jacrev: chunks of -2; 0 means all at once");
  }
}
