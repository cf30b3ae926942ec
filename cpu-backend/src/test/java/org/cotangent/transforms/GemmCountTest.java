package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cotangent.Autograd.NONE;
import static org.cotangent.Autograd.in;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.Jacobians;
import org.cotangent.Tensor;
import org.cotangent.spi.GemmCall;
import org.cotangent.testkit.RecordingBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batched pass through L linear layers is L matrix products for the input and 2 L - 1 for all weights, however many rows there are.
 */
@Isolated
class GemmCountTest {
  private static final int IN = 5;
  private static final int WIDTH = 4;

  private record Mlp(List<Tensor> weights) {
    static Mlp of(int layers, int out) {
      var r = new Random(layers * 100L + out);
      var w = new ArrayList<Tensor>();
      for (int l = 0; l < layers; l++) {
        int from = l == 0 ? IN : WIDTH;
        int to = l == layers - 1 ? out : WIDTH;
        w.add(Tensor.of(r.doubles((long) from * to, -1, 1).toArray(), from, to));
      }
      return new Mlp(List.copyOf(w));
    }

    static Tensor apply(Tensor x, List<Tensor> weights) {
      Tensor h = x;
      for (int l = 0; l < weights.size(); l++) {
        h = h.matmul(weights.get(l));
        h = l == weights.size() - 1 ? h : h.tanh();
      }
      return h;
    }

    Tensor apply(Tensor x) {
      return apply(x, weights);
    }
  }

  private record Counted<T>(T value, int gemms) {}

  private static <T> Counted<T> counted(Supplier<T> work, Function<T, List<Tensor>> results) {
    try (RecordingBackend recording = RecordingBackend.of(Device.CPU)) {
      T value = work.get();
      results.apply(value).forEach(Tensor::synchronize);
      List<GemmCall> calls = recording.gemms();
      return new Counted<>(value, calls.size());
    }
  }

  private static Tensor random(int seed, int... shape) {
    int n = 1;
    for (int d : shape) {
      n *= d;
    }
    return Tensor.of(new Random(seed).doubles(n, -1, 1).toArray(), shape);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 30, 1", "2, 3, 1", "3, 1, 1", "3, 7, 2", "3, 40, 8", "5, 20, 3"})
  void theInputJacobianTakesOneProductALayerForwardAndOneBackward(int layers, int out, int batch) {
    Mlp f = Mlp.of(layers, out);
    Tensor x = random(1, batch, IN);
    var j = counted(() -> Autograd.jacrev(f::apply).apply(x), List::of);
    assertThat(j.gemms()).isEqualTo(2 * layers);
    assertThat(j.value().allClose(Autograd.jacfwd(f::apply).apply(x), 1e-10, 1e-12)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "2, 1", "3, 7", "3, 40", "5, 20"})
  void theJacobianOfAllWeightsTakesTwoProductsALayerButTheFirst(int layers, int out) {
    Mlp f = Mlp.of(layers, out);
    Tensor x = random(2, 6, IN);
    Function<List<Tensor>, Tensor> g = w -> Mlp.apply(x, w).sum(0);
    var j = counted(() -> Autograd.jacrevTree(g, 0).apply(f.weights()), GemmCountTest::blocks);
    assertThat(j.gemms()).isEqualTo(layers + 2 * layers - 1);
  }

  private static List<Tensor> blocks(Jacobians j) {
    var r = new ArrayList<Tensor>();
    for (int i = 0; i < j.inputs().size(); i++) {
      r.add(j.get(0, i));
    }
    return r;
  }

  @ParameterizedTest
  @CsvSource({"1, 8", "2, 1", "3, 2", "3, 64", "4, 16"})
  void perSampleGradientsOfAllWeightsTakeTwoProductsALayerButTheFirst(int layers, int samples) {
    Mlp f = Mlp.of(layers, 3);
    Tensor xs = random(3, samples, IN);
    Function<List<List<Tensor>>, List<Tensor>> each =
        a -> Autograd.gradTree((List<Tensor> w) -> Mlp.apply(a.get(1).get(0), w).square().sum()).apply(a.get(0));
    var g = counted(() -> Autograd.vmapTree(each, in(NONE, 0)).apply(List.of(f.weights(), List.of(xs))), l -> l);
    assertThat(g.gemms()).as("forward and backward").isEqualTo(layers + 2 * layers - 1);
    for (int s = 0; s < samples; s++) {
      List<Tensor> one = each.apply(List.of(f.weights(), List.of(xs.get(s))));
      for (int l = 0; l < layers; l++) {
        assertThat(g.value().get(l).get(s).allClose(one.get(l), 1e-11, 1e-12)).as("sample %d, layer %d", s, l).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void theHessianOfAnMlpTakesANumberOfProductsThatDependsOnItsLayersAlone(int layers) {
    for (int batch : new int[] {1, 3, 9}) {
      Mlp f = Mlp.of(layers, 2);
      Tensor x = random(4, batch, IN);
      var h = counted(() -> Autograd.hessian(v -> f.apply(v).square().sum()).apply(x), List::of);
      assertThat(h.gemms()).as("batch %d", batch).isEqualTo(4 * layers);
      Tensor m = h.value().reshape(batch * IN, batch * IN);
      assertThat(m.allClose(m.t(), 1e-10, 1e-12)).isTrue();
    }
  }

  @Test
  void aChunkedJacobianTakesOneBackwardPassAChunk() {
    Mlp f = Mlp.of(3, 10);
    Tensor x = random(5, 1, IN);
    var whole = counted(() -> Autograd.jacrev(f::apply).apply(x), List::of);
    var chunked = counted(() -> Autograd.jacrev(f::apply, 4).apply(x), List::of);
    assertThat(chunked.gemms()).isEqualTo(3 + 3 * 3);
    assertThat(chunked.value().sub(whole.value()).abs().max().item()).isCloseTo(0, within(1e-12));
  }

  @Test
  void theForwardJacobianTakesOneProductALayerForValuesAndOneForTangents() {
    Mlp f = Mlp.of(3, 40);
    Tensor x = random(6, 1, IN);
    assertThat(counted(() -> Autograd.jacfwd(f::apply).apply(x), List::of).gemms()).isEqualTo(6);
  }
}
