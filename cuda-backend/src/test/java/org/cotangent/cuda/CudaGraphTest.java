package org.cotangent.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.FreedException;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.nn.Tanh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps replayed as CUDA graphs compute what the same steps compute one by one. */
@ExtendWith(OnDevice.class)
class CudaGraphTest {
  private static final Device CUDA = Device.cuda(0);

  private static Sequential model() {
    var g = new Generator(5);
    Sequential m = Sequential.of(new Linear(3, 8, true, g), new Tanh(), new Linear(8, 2, true, g));
    m.to(CUDA);
    return m;
  }

  private static Tensor step(Sequential m, Tensor x, Tensor y) {
    m.parameters().forEach(Tensor::zeroGrad);
    Tensor loss = m.apply(x).sub(y).square().mean();
    loss.backward();
    Autograd.noGrad(() -> m.parameters().forEach(p -> p.sub_(p.grad().mul(0.1))));
    return loss;
  }

  private static Tensor data(int seed, int... dims) {
    return Tensor.rand(Shape.of(dims), DType.FLOAT32, CUDA, new Generator(seed));
  }

  @Test
  void trainingByReplayIsTrainingStepByStep() {
    Sequential one = model();
    Sequential other = model();
    Tensor x = data(0, 4, 3);
    Tensor y = data(1, 4, 2);
    var changing = new java.util.ArrayList<>(other.parameters());
    changing.add(x);
    changing.add(y);
    try (CudaGraph graph = CudaGraph.capture(changing, () -> List.of(step(other, x, y)))) {
      for (int i = 0; i < 5; i++) {
        Tensor a = data(10 + i, 4, 3);
        Tensor b = data(20 + i, 4, 2);
        double want = step(one, a, b).item();
        x.copy_(a);
        y.copy_(b);
        graph.replay();
        assertThat(graph.results().getFirst().item()).isEqualTo(want);
      }
      for (int i = 0; i < one.parameters().size(); i++) {
        assertThat(other.parameters().get(i).toFloatArray()).isEqualTo(one.parameters().get(i).toFloatArray());
      }
    }
  }

  @Test
  void theTensorsKeepTheirValuesUntilReplay() {
    Tensor a = Tensor.of(1f, 2f).to(CUDA);
    Tensor zeros = Tensor.zeros(2).to(CUDA);
    try (CudaGraph graph = CudaGraph.capture(List.of(a, zeros), () -> {
      a.add_(1);
      zeros.add_(a);
      return List.of();
    })) {
      assertThat(a.toFloatArray()).containsExactly(1, 2);
      graph.replay();
      graph.replay();
      assertThat(a.toFloatArray()).containsExactly(3, 4);
      assertThat(zeros.toFloatArray()).containsExactly(5, 7);
    }
  }

  @Test
  void tensorsMayExchangeTheirValues() {
    Tensor a = Tensor.of(1f, 2f).to(CUDA);
    Tensor b = Tensor.of(3f, 4f).to(CUDA);
    try (CudaGraph graph = CudaGraph.capture(List.of(a, b), () -> {
      Tensor old = a.detach().copy();
      a.copy_(b);
      b.copy_(old);
      return List.of();
    })) {
      for (int i = 0; i < 3; i++) {
        graph.replay();
      }
    }
    assertThat(a.toFloatArray()).containsExactly(3, 4);
    assertThat(b.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void readingInAStepIsRefusedAndTheTensorsAreAsTheyWere() {
    Tensor a = Tensor.of(1f, 2f).to(CUDA).requiresGrad_();
    assertThatThrownBy(() -> CudaGraph.capture(List.of(a), () -> {
      Tensor loss = a.square().sum();
      loss.backward();
      Autograd.noGrad(() -> a.mul_(2));
      return List.of(Tensor.scalar(loss.item()));
    })).isInstanceOf(CudaException.class).hasMessageContaining("the host cannot read or wait while a CUDA graph is captured");
    assertThat(a.hasGrad()).isFalse();
    assertThat(a.toFloatArray()).containsExactly(1, 2);
    assertThat(a.square().sum().item()).isEqualTo(5);
  }

  @Test
  void closedGraphsAndOtherDevicesAreRefused() {
    Tensor a = Tensor.of(1f).to(CUDA);
    CudaGraph graph = CudaGraph.capture(List.of(a), () -> List.of(a.add(1)));
    graph.close();
    assertThatThrownBy(graph::replay).isInstanceOf(FreedException.class);
    assertThatThrownBy(graph::close).isInstanceOf(FreedException.class);
    assertThatThrownBy(() -> CudaGraph.capture(List.of(a, Tensor.of(1f)), List::of)).isInstanceOf(DeviceException.class);
  }
}
