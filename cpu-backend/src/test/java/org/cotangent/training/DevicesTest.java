package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.DeviceException;
import org.cotangent.nn.Dropout;
import org.cotangent.nn.Embedding;
import org.cotangent.nn.Flatten;
import org.cotangent.nn.Layer;
import org.cotangent.nn.LayerNorm;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.ClassOptions;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;
import org.cotangent.optim.GradClip;
import org.cotangent.spi.Backends;
import org.cotangent.testkit.DisguisedBackend;
import org.cotangent.testkit.RecordingBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Models and optimisers that move between devices, and the kernels of a step. */
@ExtendWith(LeakCheck.class)
class DevicesTest {
  private static final Device SECOND = new Device("second", 0);

  private final DisguisedBackend second = new DisguisedBackend(SECOND, Backends.of(Device.CPU));
  private final Tensor index = Tensor.of(new long[][] {{0, 1}, {2, 2}, {4, 0}});
  private final Tensor targets = Tensor.of(1L, 0, 1);

  @AfterEach
  void close() {
    second.close();
  }

  private static Layer model() {
    var g = new Generator(7);
    return Sequential.of(
        new Embedding(5, 4, OptionalInt.of(2), g),
        new Flatten(),
        new LayerNorm(8),
        new Dropout(0.2, new Generator(3)),
        new Linear(8, 2, true, g));
  }

  private void train(Layer m, AdamW o, int steps) {
    Device d = m.parameters().get(0).device();
    for (int i = 0; i < steps; i++) {
      try (var _ = MemoryScope.open()) {
        o.zeroGrad();
        ClassOptions smooth = ClassOptions.DEFAULT.labelSmoothing(0.1);
        Losses.crossEntropy(m.apply(index.to(d)), targets.to(d), smooth).backward();
        GradClip.norm(m.parameters(), 0.5);
        o.step();
      }
    }
  }

  private static List<Double> numbers(Layer m) {
    var r = new ArrayList<Double>();
    m.parameters().forEach(p -> Arrays.stream(p.toDoubleArray()).forEach(r::add));
    return r;
  }

  @Test
  void trainingIsTheSameOnBothAndWhenMovedBetween() {
    Layer here = model();
    train(here, new AdamW(here.parameters()).learningRate(0.1), 4);
    Layer there = model().to(SECOND);
    train(there, new AdamW(there.parameters()).learningRate(0.1), 4);
    Layer moved = model();
    List<Tensor> leaves = moved.parameters();
    var o = new AdamW(leaves).learningRate(0.1);
    train(moved, o, 2);
    moved.to(SECOND);
    assertThat(moved.parameters()).isEqualTo(leaves).allMatch(p -> p.device().equals(SECOND));
    assertThat(leaves).allMatch(p -> p.requiresGrad() && p.isLeaf() && p.grad().device().equals(SECOND));
    train(moved, o, 2);
    assertThat(numbers(there)).isEqualTo(numbers(here));
    assertThat(numbers(moved)).isEqualTo(numbers(here));
    assertThat(o.stateDict().get("0.exp_avg").device()).isEqualTo(SECOND);
  }

  @Test
  void stateGoesBetweenDevices() {
    Layer here = model();
    Layer there = model().to(SECOND);
    there.loadState(here.stateDict());
    assertThat(there.parameters()).allMatch(p -> p.device().equals(SECOND));
    var o = new AdamW(here.parameters());
    train(here, o, 1);
    var p = new AdamW(there.parameters());
    p.loadState(o.stateDict());
    assertThat(p.stateDict().get("0.exp_avg").device()).isEqualTo(SECOND);
  }

  @Test
  void normsOfSeveralDevicesAreTakenTogether() {
    Tensor a = Tensor.of(0f).requiresGrad_();
    Tensor b = Tensor.of(0f).to(SECOND).requiresGrad_();
    a.mul(3).sum().backward();
    b.mul(4).sum().backward();
    assertThat(GradClip.norm(List.of(a, b), 1).item()).isEqualTo(5);
    assertThat(a.grad().item()).isBetween(0.599, 0.6);
    assertThat(b.grad().item()).isBetween(0.799, 0.8);
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new LayerNorm(3).to(new Device("second", 1))).isInstanceOf(DeviceException.class);
  }

  @Test
  void aStepIsOneKernelForAllParametersOfAType() {
    Tensor a = Tensor.randn(3, 4).requiresGrad_();
    Tensor b = Tensor.randn(4).requiresGrad_();
    Tensor c = Tensor.randn(2).to(DType.FLOAT64).requiresGrad_();
    var o = new AdamW(List.of(a, c, b));
    a.mul(b).sum().add(c.sum()).backward();
    try (var recording = RecordingBackend.of(Device.CPU)) {
      o.step();
      o.step();
      assertThat(recording.kernels()).containsExactly("pointwise", "pointwise", "pointwise", "pointwise");
    }
  }
}
