package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cotangent.Autograd.checkpoint;
import static org.cotangent.Autograd.checkpointTree;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.GradCheck;
import org.cotangent.Tensor;
import org.cotangent.nn.Dropout;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.nn.Tanh;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
}
