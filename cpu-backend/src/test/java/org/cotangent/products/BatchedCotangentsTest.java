package org.cotangent.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cotangent.Autograd.BATCHED;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.DType;
import org.cotangent.nn.Linear;
import org.cotangent.spi.GemmCall;
import org.cotangent.testkit.RecordingBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** K cotangents of a linear layer are matrix products, however many they are. */
@ExtendWith(LeakCheck.class)
@Isolated
class BatchedCotangentsTest {
  private static final int BATCH = 4;
  private static final int IN = 3;
  private static final int OUT = 5;

  private static Tensor random(Generator g, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.FLOAT64, Device.CPU, g).synchronize();
  }

  @Test
  void linearWithKCotangentsIsOneGemmForTheInputAndOneStridedBatchedGemmForTheWeight() {
    for (int k : new int[] {1, 7, 40}) {
      Generator g = new Generator(k);
      Tensor x = random(g, BATCH, IN).requiresGrad_();
      Tensor w = random(g, IN, OUT).requiresGrad_();
      Tensor b = random(g, OUT).requiresGrad_();
      Tensor rows = random(g, k, BATCH, OUT);
      Tensor y = x.matmul(w).add(b).synchronize();
      List<GemmCall> calls;
      List<Tensor> got;
      try (RecordingBackend recording = RecordingBackend.of(Device.CPU)) {
        var grads = Autograd.grad(List.of(y), List.of(x, w, b), List.of(rows), BATCHED, Autograd.RETAIN_GRAPH);
        got = List.of(grads.get(0), grads.get(1), grads.get(2));
        calls = recording.gemms();
      }
      assertThat(calls).as("k = %d", k).hasSize(2);
      GemmCall input = calls.stream().filter(c -> c.batch() == 1 && c.m() * c.n() == k * BATCH * IN).findFirst().orElseThrow();
      assertThat(input.k()).isEqualTo(OUT);
      GemmCall weight = calls.stream().filter(c -> c != input).findFirst().orElseThrow();
      assertThat(weight.batch()).isEqualTo(k);
      assertThat(weight.k()).isEqualTo(BATCH);
      for (int i = 0; i < k; i++) {
        var one = Autograd.grad(List.of(y), List.of(x, w, b), List.of(rows.get(i)), Autograd.RETAIN_GRAPH);
        for (int j = 0; j < 3; j++) {
          assertThat(got.get(j).get(i).allClose(one.get(j), 1e-12, 1e-12)).as("row %d of input %d", i, j).isTrue();
        }
      }
    }
  }

  @Test
  void theLinearLayerTakesTheSameTwoProducts() {
    Linear layer = new Linear(IN, OUT);
    Tensor x = Tensor.randn(BATCH, IN).synchronize().requiresGrad_();
    Tensor y = layer.apply(x).synchronize();
    for (int k : new int[] {1, 7, 40}) {
      Tensor rows = Tensor.randn(k, BATCH, OUT).synchronize();
      List<GemmCall> calls;
      try (RecordingBackend recording = RecordingBackend.of(Device.CPU)) {
        Autograd.grad(List.of(y), List.of(x, layer.weight(), layer.bias()), List.of(rows), BATCHED, Autograd.RETAIN_GRAPH);
        calls = recording.gemms();
      }
      assertThat(calls).as("k = %d", k).hasSize(2);
      assertThat(calls).anyMatch(c -> c.batch() == 1 && c.m() * c.n() == k * BATCH * IN && c.k() == OUT);
      assertThat(calls).anyMatch(c -> c.batch() == k && c.m() * c.n() == IN * OUT && c.k() == BATCH);
    }
  }

  @Test
  void theJacobianOfAnMlpIsOneProductALayer() {
    Generator g = new Generator(1);
    Tensor w1 = random(g, IN, 8);
    Tensor w2 = random(g, 8, 8);
    Tensor w3 = random(g, 8, OUT);
    Tensor x = random(g, 1, IN);
    Tensor j;
    int products;
    try (RecordingBackend recording = RecordingBackend.of(Device.CPU)) {
      j = Autograd.jacrev(v -> v.matmul(w1).tanh().matmul(w2).tanh().matmul(w3)).apply(x).synchronize();
      products = recording.gemms().size();
    }
    assertThat(products).as("three forward, three backward").isEqualTo(6);
    assertThat(j.shape()).isEqualTo(Shape.of(1, OUT, 1, IN));
  }
}
