package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cotangent.Autograd.NONE;
import static org.cotangent.Autograd.in;
import static org.cotangent.Autograd.vmap;
import static org.cotangent.transforms.Check.random;
import static org.cotangent.transforms.Check.same;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transforms inside transforms. */
@ExtendWith(LeakCheck.class)
class NestingTest {
  private final Tensor w = random(1, 3, 3);
  private final Tensor x = random(2, 3);
  private final Tensor u = random(3, 3);

  private Tensor f(Tensor v) {
    return v.matmul(w).tanh().mul(v.exp());
  }

  private Tensor scalar(Tensor v) {
    return f(v).square().sum();
  }

  @Test
  void aDerivativeInsideDoesNotSeeTheOneOutside() {
    UnaryOperator<Tensor> g = v -> v.mul(Autograd.grad(y -> v.add(y)).apply(Tensor.scalar(1.0)));
    assertThat(Autograd.grad(g).apply(Tensor.scalar(3.0)).item()).as("d/dx (x d/dy (x + y)) = 1").isEqualTo(1);
    UnaryOperator<Tensor> h = v -> v.mul(Autograd.jvp(y -> v.mul(y), Tensor.scalar(2.0), Tensor.scalar(1.0)).tangent());
    assertThat(Autograd.jvp(h, Tensor.scalar(3.0), Tensor.scalar(1.0)).tangent().item()).as("d/dx (x d/dy (x y)) = 2 x").isEqualTo(6);
    assertThat(Autograd.grad(h).apply(Tensor.scalar(3.0)).item()).isEqualTo(6);
    UnaryOperator<Tensor> k = v -> v.mul(Autograd.grad(y -> v.mul(y).sin()).apply(Tensor.scalar(0.0)));
    assertThat(Autograd.jvp(k, Tensor.scalar(3.0), Tensor.scalar(1.0)).tangent().item()).as("d/dx (x x cos 0) = 2 x").isEqualTo(6);
  }

  @Test
  void jacobiansOfJacobiansAgreeInEveryOrder() {
    Tensor want = Autograd.jacfwd(Autograd.jacrev(this::f)).apply(x);
    assertThat(want.shape()).isEqualTo(Shape.of(3, 3, 3));
    same("reverse over reverse", Autograd.jacrev(Autograd.jacrev(this::f)).apply(x), want);
    same("reverse over forward", Autograd.jacrev(Autograd.jacfwd(this::f)).apply(x), want);
    same("forward over forward", Autograd.jacfwd(Autograd.jacfwd(this::f)).apply(x), want);
    same("symmetric", want.transpose(1, 2), want);
    Tensor third = Autograd.jacfwd(Autograd.jacrev(Autograd.jacfwd(this::f))).apply(x);
    same("third order", third, Autograd.jacrev(Autograd.jacrev(Autograd.jacrev(this::f))).apply(x));
    same("third order is symmetric", third.permute(0, 3, 2, 1), third);
  }

  @Test
  void theHessianIsTheSameByEveryRoute() {
    Tensor h = Autograd.hessian(this::scalar).apply(x);
    same("chunked", Autograd.hessian(this::scalar, 2).apply(x), h);
    same("hvp", Autograd.hvp(this::scalar, x, u), h.matmul(u));
    same("vhp", Autograd.vhp(this::scalar, x, u), u.matmul(h));
    Tensor leaf = x.detach().requiresGrad_();
    Tensor g = Autograd.grad(scalar(leaf), leaf, Autograd.CREATE_GRAPH);
    same("batched rows of the tape", Autograd.grad(g, leaf, Tensor.eye(3).to(x.dtype()), Autograd.BATCHED), h);
    same("vmap of hvp", vmap(v -> Autograd.hvp(this::scalar, x, v)).apply(Tensor.eye(3).to(x.dtype())), h);
  }

  @Test
  void backwardGoesThroughTransforms() {
    Tensor leaf = x.detach().requiresGrad_();
    Autograd.jacrev(this::f).apply(leaf).square().sum().backward();
    Tensor want = Autograd.grad(v -> Autograd.jacfwd(this::f).apply(v).square().sum()).apply(x);
    same("jacrev", leaf.grad(), want);
    Tensor other = x.detach().requiresGrad_();
    Autograd.jacfwd(this::f).apply(other).square().sum().backward();
    same("jacfwd", other.grad(), want);
    Tensor third = x.detach().requiresGrad_();
    Autograd.jvp(this::f, third, u).tangent().sum().backward();
    same("jvp", third.grad(), Autograd.grad(v -> Autograd.jvp(this::f, v, u).tangent().sum()).apply(x));
    Tensor captured = w.detach().requiresGrad_();
    Autograd.grad(v -> v.matmul(captured).tanh().square().sum()).apply(x).square().sum().backward();
    Tensor capturedWant = Autograd.grad(
        (Tensor c) -> Autograd.grad(v -> v.matmul(c).tanh().square().sum()).apply(x).square().sum()).apply(w);
    same("a captured leaf", captured.grad(), capturedWant);
    Tensor rows = random(4, 5, 3).requiresGrad_();
    vmap(v -> scalar(v)).apply(rows).sum().backward();
    same("vmap", rows.grad(), vmap(Autograd.grad(this::scalar)).apply(rows.detach()));
  }

  @Test
  void vmapOfGradGivesAGradientForEachSample() {
    Tensor xs = random(5, 6, 3);
    Tensor got = vmap(Autograd.grad((p, v) -> v.matmul(p).square().sum()), in(NONE, 0)).apply(w, xs);
    assertThat(got.shape()).isEqualTo(Shape.of(6, 3, 3));
    for (int i = 0; i < 6; i++) {
      Tensor row = xs.get(i);
      same(got.get(i), Autograd.grad(p -> row.matmul(p).square().sum()).apply(w));
    }
    Tensor mean = Autograd.grad(p -> xs.matmul(p).square().sum().div(6.0)).apply(w);
    same("their mean is the gradient of the mean", got.mean(0), mean);
  }

  @Test
  void vmapOfVmapIsANestedLoop() {
    Tensor a = random(6, 4, 3);
    Tensor b = random(7, 5, 3);
    Tensor got = vmap(p -> vmap(q -> f(p).mul(q).sum()).apply(b)).apply(a);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 5; j++) {
        same(got.get(i, j), f(a.get(i)).mul(b.get(j)).sum());
      }
    }
    Tensor jac = vmap(Autograd.jacrev(this::f)).apply(a);
    Tensor fwd = vmap(Autograd.jacfwd(this::f)).apply(a);
    Tensor hes = vmap(Autograd.hessian(this::scalar)).apply(a);
    for (int i = 0; i < 4; i++) {
      same(jac.get(i), Autograd.jacrev(this::f).apply(a.get(i)));
      same(fwd.get(i), jac.get(i));
      same(hes.get(i), Autograd.hessian(this::scalar).apply(a.get(i)));
    }
    same("the Jacobian of a vmap is block diagonal", Autograd.jacrev(vmap(this::f)).apply(a).diagonal(0, 0, 2).movedim(-1, 0), jac);
  }

  @Test
  void jvpOfVjpOfJvpIsTheThirdDirectionalDerivative() {
    Tensor v = random(8, 3);
    Tensor s = random(9, 3);
    UnaryOperator<Tensor> first = p -> Autograd.jvp(this::f, p, u).tangent();
    UnaryOperator<Tensor> second = p -> Autograd.vjp(first, p).apply(v);
    Tensor got = Autograd.jvp(second, x, s).tangent();
    double h = 1e-5;
    Tensor want = second.apply(x.add(s.mul(h))).sub(second.apply(x.sub(s.mul(h)))).div(2 * h);
    assertThat(got.sub(want).abs().max().item()).isCloseTo(0, within(1e-6));
    Tensor cube = Autograd.jacfwd(Autograd.jacfwd(Autograd.jacfwd(this::f))).apply(x);
    same(got, v.matmul(cube.matmul(s).matmul(u)));
  }

  @Test
  void hooksRunUnderVmapAndInsideGrad() {
    Tensor rows = random(10, 4, 3);
    var seen = new ArrayList<Shape>();
    UnaryOperator<Tensor> g = Autograd.grad(v -> {
      Tensor y = v.square();
      y.registerHook(ct -> {
        seen.add(ct.shape());
        return ct.mul(10);
      });
      return y.sum();
    });
    same(vmap(g).apply(rows), rows.mul(20));
    assertThat(seen).containsExactly(Shape.of(3));
    same(vmap(vmap(g)).apply(random(11, 2, 4, 3)), random(11, 2, 4, 3).mul(20));
    Tensor leaf = rows.detach().requiresGrad_();
    vmap(v -> {
      Tensor y = v.square();
      y.registerHook(ct -> ct.mul(u));
      return y.sum();
    }).apply(leaf).sum().backward();
    same("a hook of the tape inside vmap", leaf.grad(), rows.mul(2).mul(u));
  }

  @Test
  void noGradInsideStopsAndAroundDoesNot() {
    UnaryOperator<Tensor> half = v -> v.mul(Autograd.noGrad(() -> v.square())).sum();
    same("inside", Autograd.grad(half).apply(x), x.square());
    same("around", Autograd.noGrad(() -> Autograd.grad(this::scalar).apply(x)), Autograd.grad(this::scalar).apply(x));
    same("detach under vmap", vmap(Autograd.grad(v -> v.mul(v.detach()).sum())).apply(w), w);
    same("detach under jvp", Autograd.jvp(v -> v.mul(v.detach()), x, u).tangent(), x.mul(u));
  }

  @Test
  void inPlaceOperationsWorkInsideTransforms() {
    UnaryOperator<Tensor> g = v -> {
      Tensor y = v.mul(2);
      y.narrow(0, 1, 2).mul_(v.narrow(0, 0, 2));
      y.set(0, v.get(2).exp());
      return y;
    };
    Tensor want = Tensor.stack(x.get(2).exp(), x.get(1).mul(x.get(0)).mul(2), x.get(2).mul(x.get(1)).mul(2));
    same(g.apply(x), want);
    same("forward and reverse agree", Autograd.jacfwd(g).apply(x), Autograd.jacrev(g).apply(x));
    same("under vmap", vmap(Autograd.jacrev(g)).apply(w).get(1), Autograd.jacrev(g).apply(w.get(1)));
    same("vmap of the function", vmap(g).apply(w).get(2), g.apply(w.get(2)));
    same("second order", Autograd.jacrev(Autograd.jacfwd(g)).apply(x), Autograd.jacfwd(Autograd.jacrev(g)).apply(x));
  }

  @Test
  void aPullbackMayBeMappedAndUsedTwice() {
    var pull = Autograd.vjp(this::f, x);
    Tensor rows = Tensor.eye(3).to(x.dtype());
    same(vmap(ct -> pull.apply(ct)).apply(rows), Autograd.jacrev(this::f).apply(x));
    same(pull.apply(u), u.matmul(Autograd.jacrev(this::f).apply(x)));
    var push = Autograd.linearize(this::f, x);
    same(vmap(t -> push.apply(t)).apply(rows).t(), Autograd.jacfwd(this::f).apply(x));
  }

  @Test
  void jacobianTakesTheCheaperModeWithTheSameResult() {
    Tensor tall = random(12, 3, 40);
    same(Autograd.jacobian(v -> v.matmul(tall).sin(), x), Autograd.jacrev(v -> v.matmul(tall).sin()).apply(x));
    same(Autograd.jacobian(v -> v.matmul(w).sum(), x), w.sum(1));
    List<Tensor> both = List.of(x, w);
    var j = Autograd.jacobianTree((List<Tensor> v) -> v.get(0).matmul(v.get(1)), both);
    same(j.get(0, 0), w.t());
  }
}
