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
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorTree;
import org.cotangent.VmapOptions;
import org.cotangent.errors.ArgumentException;
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
}
