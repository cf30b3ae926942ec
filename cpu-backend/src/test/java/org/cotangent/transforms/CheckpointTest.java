package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.checkpoint;
import static org.cotangent.Autograd.checkpointTree;
import static org.cotangent.Autograd.in;
import static org.cotangent.Autograd.vmap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.GradCheck;
import org.cotangent.Randomness;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.nn.Dropout;
import org.cotangent.nn.Layer;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.nn.Tanh;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class CheckpointTest {
  private static final UnaryOperator<Tensor> F = v -> v.mul(v).sin().mul(v.exp());

  private static Tensor numbers() {
    return Tensor.of(0.3, -1.2, 0.7);
  }

  @Test
  void gradientsOfArgumentsAndOfCapturedParametersAreThoseOfThePlainFunction() {
    Tensor x = numbers().requiresGrad_();
    Tensor w = Tensor.of(0.5, 2.0, -1.0).requiresGrad_();
    checkpoint(v -> v.mul(w).sin().mul(v), x).sum().backward();
    Tensor gx = x.grad().copy();
    Tensor gw = w.grad().copy();
    x.zeroGrad();
    w.zeroGrad();
    x.mul(w).sin().mul(x).sum().backward();
    assertThat(gx.toDoubleArray()).containsExactly(x.grad().toDoubleArray());
    assertThat(gw.toDoubleArray()).containsExactly(w.grad().toDoubleArray());
  }

  @Test
  void theFunctionRunsOnceForwardAndAgainInTheBackwardPass() {
    var runs = new AtomicInteger();
    Tensor x = numbers().requiresGrad_();
    Tensor y = checkpoint(v -> {
      runs.incrementAndGet();
      return v.sin();
    }, x).sum();
    assertThat(runs.get()).isEqualTo(1);
    y.backward();
    assertThat(runs.get()).isEqualTo(2);
    assertThat(x.grad().allClose(numbers().cos())).isTrue();
  }

  @Test
  void insideTransformsItRunsNoMoreOftenThanItMust() {
    var runs = new AtomicInteger();
    UnaryOperator<Tensor> counted = v -> {
      runs.incrementAndGet();
      return F.apply(v);
    };
    UnaryOperator<Tensor> f = v -> checkpoint(counted, v);
    Tensor x = numbers();
    Tensor rows = Tensor.stack(x, x.neg());
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("vmap 1", () -> vmap(f).apply(rows));
    calls.put("jvp 1", () -> Autograd.jvp(f, x, x));
    calls.put("jacfwd 1", () -> Autograd.jacfwd(f).apply(x));
    calls.put("jacrev 2", () -> Autograd.jacrev(f).apply(x));
    calls.put("vmap of grad 2", () -> vmap(Autograd.grad(v -> f.apply(v).sum())).apply(rows));
    calls.put("vmap of vmap of grad 2", () -> vmap(vmap(Autograd.grad(v -> f.apply(v).sum()))).apply(rows.unsqueeze(0)));
    calls.put("hessian 3", () -> Autograd.hessian(v -> f.apply(v).sum()).apply(x));
    calls.forEach((name, call) -> {
      runs.set(0);
      call.run();
      assertThat(runs.get()).as(name).isEqualTo(Integer.parseInt(name.substring(name.lastIndexOf(' ') + 1)));
    });
  }

  @Test
  void itNestsInsideJacobiansHessiansAndVmap() {
    Tensor x = numbers();
    UnaryOperator<Tensor> c = v -> checkpoint(F, v);
    assertThat(Autograd.jacrev(c).apply(x).allClose(Autograd.jacrev(F).apply(x), 1e-12, 1e-12)).isTrue();
    assertThat(Autograd.jacfwd(c).apply(x).allClose(Autograd.jacfwd(F).apply(x), 1e-12, 1e-12)).isTrue();
    assertThat(Autograd.hessian(v -> c.apply(v).sum()).apply(x).allClose(Autograd.hessian(v -> F.apply(v).sum()).apply(x), 1e-12, 1e-12)).isTrue();
    Tensor rows = Tensor.stack(x, x.mul(2), x.neg());
    assertThat(Autograd.vmap(Autograd.jacrev(c)).apply(rows).allClose(Autograd.vmap(Autograd.jacrev(F)).apply(rows), 1e-12, 1e-12)).isTrue();
    GradCheck.gradgradcheck(c, x);
  }

  @Test
  void doubleBackwardOnTheTapeIsThatOfThePlainFunction() {
    Tensor x = numbers().requiresGrad_();
    Tensor g = Autograd.grad(checkpoint(F, x).sum(), x, Autograd.CREATE_GRAPH);
    g.square().sum().backward();
    Tensor twice = x.grad().copy();
    x.zeroGrad();
    Autograd.grad(F.apply(x).sum(), x, Autograd.CREATE_GRAPH).square().sum().backward();
    assertThat(twice.allClose(x.grad(), 1e-12, 1e-12)).isTrue();
  }

  @Test
  void dropoutDrawsTheSameNumbersAgain() {
    Tensor.manualSeed(7);
    Sequential net = Sequential.of(new Linear(4, 16), new Tanh(), new Dropout(0.5), new Linear(16, 3));
    Tensor x = Tensor.randn(5, 4).requiresGrad_();
    Tensor.manualSeed(11);
    Tensor y = checkpoint(net, x);
    y.square().sum().backward();
    Tensor gx = x.grad().copy();
    List<Tensor> gw = net.parameters().stream().map(p -> p.grad().copy()).toList();
    x.zeroGrad();
    net.zeroGrad();
    Tensor.manualSeed(11);
    Tensor plain = net.apply(x);
    plain.square().sum().backward();
    assertThat(y.toFloatArray()).containsExactly(plain.toFloatArray());
    assertThat(gx.allClose(x.grad())).isTrue();
    for (int i = 0; i < gw.size(); i++) {
      assertThat(gw.get(i).allClose(net.parameters().get(i).grad())).as("parameter %d", i).isTrue();
    }
  }

  @Test
  void aFunctionOfSeveralTensorsAndNoGradientsPassesThrough() {
    Tensor a = numbers();
    Tensor[] y = checkpointTree(v -> new Tensor[] {v[0].add(v[1]), v[0].mul(v[1])}, new Tensor[] {a, a});
    assertThat(y[1].requiresGrad()).isFalse();
    assertThat(y[1].toDoubleArray()).containsExactly(a.mul(a).toDoubleArray());
    Tensor b = numbers().to(DType.FLOAT64).requiresGrad_();
    checkpointTree(v -> Map.of("product", v.get(0).mul(v.get(1))), List.of(a, b)).get("product").sum().backward();
    assertThat(b.grad().toDoubleArray()).containsExactly(a.toDoubleArray());
  }

  // ---- what a checkpoint captures

  private interface Kept {
    Tensor apply(UnaryOperator<Tensor> f, Tensor v);
  }

  private static final Kept PLAIN = UnaryOperator::apply;
  private static final Kept AGAIN = Autograd::checkpoint;
  private static final Tensor ROWS = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3).div(5);

  /** Functions of numbers() in which what is kept captures values of a transform around it. */
  static Stream<Function<Kept, Tensor>> captures() {
    Tensor x = numbers();
    return Stream.of(
        k -> Autograd.grad(a -> vmap(b -> k.apply(v -> v.mul(b).sin().sum(), a)).apply(ROWS).sum()).apply(x),
        k -> vmap(a -> vmap(b -> Autograd.grad(w -> k.apply(v -> v.mul(b).sin().mul(a).sum(), w)).apply(x)).apply(ROWS)).apply(ROWS),
        k -> Autograd.jvp(a -> vmap(b -> k.apply(v -> v.mul(b).sin(), a)).apply(ROWS), x, x).tangent(),
        k -> vmap(b -> Autograd.jacrev(a -> k.apply(v -> v.mul(b).sin(), a)).apply(x)).apply(ROWS),
        k -> vmap(b -> Autograd.jacfwd(a -> k.apply(v -> v.mul(b).sin(), a)).apply(x)).apply(ROWS),
        k -> Autograd.jvp(b -> Autograd.grad(a -> k.apply(v -> v.mul(b).sin(), a).sum()).apply(x), x, x).tangent(),
        k -> Autograd.grad(a -> Autograd.jvp(b -> k.apply(v -> v.mul(b).sin(), a), x, x).tangent().sum()).apply(x),
        k -> Autograd.grad(a -> Autograd.grad(b -> k.apply(v -> v.mul(b).sin(), a).sum()).apply(x).sum()).apply(x),
        k -> Autograd.hessian(a -> vmap(b -> k.apply(v -> v.mul(b).sin().sum(), a)).apply(ROWS).sum()).apply(x),
        k -> Autograd.grad(a -> vmap(b -> k.apply(v -> v.mul(b.detach()).sin().sum(), a)).apply(ROWS).sum()).apply(x),
        k -> vmap(b -> Autograd.grad(a -> k.apply(v -> v.mul(a.detach()).mul(b).sum(), a)).apply(x)).apply(ROWS),
        k -> {
          Tensor leaf = numbers().requiresGrad_();
          vmap(b -> k.apply(v -> v.mul(b).sin().sum(), leaf)).apply(ROWS).sum().backward();
          return leaf.grad();
        },
        k -> {
          Tensor leaf = numbers().requiresGrad_();
          vmap(b -> k.apply(v -> v.mul(leaf).sin().sum(), b)).apply(ROWS).sum().backward();
          return leaf.grad();
        });
  }

  @ParameterizedTest
  @MethodSource("captures")
  void valuesOfTransformsAroundItMayBeCaptured(Function<Kept, Tensor> f) {
    Check.same(f.apply(AGAIN), f.apply(PLAIN));
  }

  @Test
  void functionalCallsInsideAndAroundItReachTheParameters() {
    Linear layer = new Linear(3, 3);
    Tensor x = numbers().to(DType.FLOAT32);
    Map<String, Tensor> at = Map.of("weight", Tensor.rand(3, 3), "bias", Tensor.rand(3));
    Map<String, Tensor> want = Autograd.gradTree((Map<String, Tensor> p) -> layer.functionalCall(p, x).square().sum()).apply(at);
    Map<String, Tensor> inside = Autograd.gradTree(
        (Map<String, Tensor> p) -> checkpoint(v -> layer.functionalCall(p, v).square(), x).sum()).apply(at);
    Layer kept = new Layer() {
      {
        child("layer", layer);
      }

      @Override
      protected Tensor forward(Tensor v) {
        return checkpoint(u -> layer.apply(u).square(), v);
      }
    };
    Map<String, Tensor> around = Autograd.gradTree((Map<String, Tensor> p) -> kept.functionalCall(
        Map.of("layer.weight", p.get("weight"), "layer.bias", p.get("bias")), x).sum()).apply(at);
    for (String name : at.keySet()) {
      assertThat(inside.get(name).toFloatArray()).as(name).containsExactly(want.get(name).toFloatArray());
      assertThat(around.get(name).toFloatArray()).as(name).containsExactly(want.get(name).toFloatArray());
    }
    layer.parameters().forEach(p -> assertThat(p.hasGrad()).isFalse());
  }

  // ---- random numbers

  private static UnaryOperator<Tensor> noisy(Kept k) {
    Dropout drop = new Dropout(0.5);
    return v -> k.apply(u -> drop.apply(u.pow(3)).add(k.apply(w -> drop.apply(w).sin(), u)).mul(drop.apply(u)), v);
  }

  static Stream<Function<UnaryOperator<Tensor>, Tensor>> withDropout() {
    Tensor x = Tensor.arange(1, 9, 1).to(DType.FLOAT64).div(10).synchronize();
    Tensor rows = Tensor.stack(x, x.mul(2), x.neg()).synchronize();
    return Stream.of(
        f -> Autograd.jacrev(f).apply(x),
        f -> Autograd.jacfwd(f, 3).apply(x),
        f -> Autograd.hessian(v -> f.apply(v).sum()).apply(x),
        f -> vmap(Autograd.grad(v -> f.apply(v).sum()), in(0).randomness(Randomness.DIFFERENT)).apply(rows),
        f -> vmap(Autograd.grad(v -> f.apply(v).sum()), in(0).randomness(Randomness.SAME)).apply(rows),
        f -> Autograd.grad(a -> vmap(b -> f.apply(a).mul(b).sum(), in(0).randomness(Randomness.DIFFERENT)).apply(rows).sum()).apply(x),
        f -> vmap(Autograd.hessian(v -> f.apply(v).sum()), in(0).randomness(Randomness.DIFFERENT)).apply(rows),
        f -> {
          Tensor leaf = x.detach().requiresGrad_();
          Autograd.grad(f.apply(leaf).sum(), leaf, Autograd.CREATE_GRAPH).square().sum().backward();
          return leaf.grad();
        },
        f -> {
          Tensor leaf = rows.detach().requiresGrad_();
          vmap(f, in(0).randomness(Randomness.DIFFERENT)).apply(leaf).sum().backward();
          return leaf.grad();
        });
  }

  @ParameterizedTest
  @MethodSource("withDropout")
  void randomNumbersAreTheSameAgainInsideTransformsAndInCheckpointsOfCheckpoints(Function<UnaryOperator<Tensor>, Tensor> f) {
    Tensor.manualSeed(5);
    Tensor want = f.apply(noisy(PLAIN));
    Tensor.manualSeed(5);
    Check.same(f.apply(noisy(AGAIN)), want);
  }

  @Test
  void aFunctionThatDrawsMoreTheSecondTimeIsRefused() {
    var runs = new AtomicInteger();
    Tensor x = numbers().requiresGrad_();
    Tensor y = checkpoint(v -> runs.incrementAndGet() == 1 ? v.sin() : v.add(Tensor.rand(3)), x).sum();
    assertThatThrownBy(y::backward).isInstanceOf(GradientException.class).hasMessageContaining("draws more random numbers");
  }
}
