package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.cotangent.Autocast;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.ops.Losses;
import org.cotangent.optim.Adam;
import org.cotangent.optim.GradClip;
import org.cotangent.optim.GradScaler;
import org.cotangent.optim.SGD;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class GradScalerTest {
  /** Two parameters with a sum for a loss; made inside the tests, so that leaks are seen. */
  private static final class Run {
    final Tensor w = Tensor.of(1f, 2f).requiresGrad_();
    final SGD sgd = new SGD(List.of(w)).learningRate(1);
    final GradScaler scaler = new GradScaler().initialScale(4).growthInterval(2);

    void backward(double factor) {
      sgd.zeroGrad();
      scaler.scale(w.mul(factor).sum()).backward();
    }
  }

  @Test
  void aStepIsThatOfTheUnscaledGradient() {
    var r = new Run();
    r.backward(0.5);
    assertThat(r.w.grad().toFloatArray()).containsOnly(2);
    assertThat(r.scaler.step(r.sgd)).isTrue();
    assertThat(r.w.toFloatArray()).containsExactly(0.5f, 1.5f);
    r.scaler.update();
    assertThat(r.scaler.scale()).isEqualTo(4);
    r.backward(0.5);
    r.scaler.step(r.sgd);
    r.scaler.update();
    assertThat(r.scaler.scale()).as("two good updates").isEqualTo(8);
  }

  @Test
  void anOverflowSkipsTheStepAndHalvesTheScale() {
    var r = new Run();
    r.backward(0.5);
    r.scaler.step(r.sgd);
    r.scaler.update();
    float[] before = r.w.toFloatArray();
    r.backward(Double.POSITIVE_INFINITY);
    assertThat(r.scaler.step(r.sgd)).isFalse();
    assertThat(r.w.toFloatArray()).containsExactly(before);
    assertThat(r.sgd.steps()).isEqualTo(1);
    r.scaler.update();
    assertThat(r.scaler.scale()).isEqualTo(2);
    r.backward(0.5);
    r.scaler.step(r.sgd);
    r.scaler.update();
    assertThat(r.scaler.scale()).as("counting begins anew").isEqualTo(2);
  }

  @Test
  void gradientsThatOverflowInFloat16SkipTheStep() {
    var r = new Run();
    r.scaler.initialScale(65536);
    Tensor x = Tensor.of(3f, 5f);
    r.sgd.zeroGrad();
    r.scaler.scale(Autocast.run(DType.FLOAT16, () -> r.w.reshape(1, 2).matmul(x.reshape(2, 1))).sum()).backward();
    assertThat(r.w.grad().isFinite().all().item()).as("65536 is infinite in float16").isZero();
    assertThat(r.scaler.step(r.sgd)).isFalse();
    r.scaler.update();
    assertThat(r.scaler.scale()).isEqualTo(32768);
  }

  @Test
  void gradientsAreClippedAfterUnscaling() {
    var r = new Run();
    r.backward(30);
    r.scaler.unscale_(r.sgd);
    assertThat(r.w.grad().toFloatArray()).containsOnly(30);
    GradClip.value(List.of(r.w), 1);
    r.scaler.step(r.sgd);
    assertThat(r.w.toFloatArray()).containsExactly(0, 1);
  }

  @Test
  void aScaledHalfLossIsFloat32() {
    Tensor loss = Tensor.of(2f).to(DType.FLOAT16).sum();
    assertThat(new GradScaler().scale(loss).item()).isEqualTo(131072);
  }

  @Test
  void callsOutOfOrderAreRefused() {
    var r = new Run();
    assertThatThrownBy(r.scaler::update).isInstanceOf(ArgumentException.class)
        .hasMessage("update: there was no step since the last update; call step(optimizer) first");
    assertThatThrownBy(() -> r.scaler.step(r.sgd)).isInstanceOf(GradientException.class);
    r.backward(1);
    r.scaler.unscale_(r.sgd);
    assertThatThrownBy(() -> r.scaler.unscale_(r.sgd)).isInstanceOf(ArgumentException.class)
        .hasMessage("unscale_: was called after another unscale_() of this optimiser; call update() first");
    r.scaler.step(r.sgd);
    assertThatThrownBy(() -> r.scaler.unscale_(r.sgd)).isInstanceOf(ArgumentException.class).hasMessageContaining("after step()");
    assertThatThrownBy(() -> r.scaler.step(r.sgd)).isInstanceOf(ArgumentException.class).hasMessageStartingWith("step: was called");
    r.scaler.update();
    assertThatThrownBy(() -> r.scaler.growthFactor(1)).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> r.scaler.backoffFactor(1)).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> r.scaler.initialScale(1e39)).isInstanceOf(ArgumentException.class);
    Tensor half = Tensor.of(1f).to(DType.FLOAT16).requiresGrad_();
    half.sum().backward();
    assertThatThrownBy(() -> r.scaler.unscale_(new SGD(List.of(half)))).isInstanceOf(DTypeException.class)
        .hasMessage("unscale_: the gradient of parameter 0 [1] is float16; keep parameters in float32 and compute in an Autocast scope");
    assertThat(half.grad().item()).isEqualTo(1);
  }

  @Test
  void turnedOffItDoesNothing() {
    var r = new Run();
    r.scaler.enabled(false);
    r.backward(0.5);
    assertThat(r.w.grad().toFloatArray()).containsOnly(0.5f);
    r.scaler.unscale_(r.sgd);
    assertThat(r.scaler.step(r.sgd)).isTrue();
    r.scaler.update();
    assertThat(r.scaler.scale()).isEqualTo(1);
    assertThat(r.w.toFloatArray()).containsExactly(0.5f, 1.5f);
  }

  @Test
  void theStateComesBack() {
    var r = new Run();
    r.backward(0.5);
    r.scaler.step(r.sgd);
    r.scaler.update();
    Map<String, Tensor> state = r.scaler.stateDict();
    assertThat(state).containsOnlyKeys("scale", "growth_factor", "backoff_factor", "growth_interval", "_growth_tracker");
    var other = new GradScaler();
    other.loadState(state);
    assertThat(other.scale()).isEqualTo(4);
    r.backward(0.5);
    other.step(r.sgd);
    other.update();
    assertThat(other.scale()).as("the second good update").isEqualTo(8);
    assertThatThrownBy(() -> other.loadState(Map.of("scale", Tensor.scalar(1f)))).isInstanceOf(ArgumentException.class);
  }

  /** The loss is so small that its gradients vanish in float16 unless scaled. */
  @Test
  void trainingInFloat16ConvergesWithTheScalerOnly() {
    assertThat(train(new GradScaler().growthInterval(20))).isLessThan(0.05);
    assertThat(train(new GradScaler().enabled(false))).isGreaterThan(0.5);
  }

  /** The mean error of a linear map learned by a chain of two, relative to its size. */
  private static double train(GradScaler scaler) {
    Tensor x = Tensor.randn(Shape.of(64, 4), DType.FLOAT32, Device.CPU, new Generator(1));
    Tensor y = x.matmul(Tensor.randn(Shape.of(4, 2), DType.FLOAT32, Device.CPU, new Generator(2)));
    Tensor a = Tensor.randn(Shape.of(4, 8), DType.FLOAT32, Device.CPU, new Generator(3)).mul(0.4).requiresGrad_();
    Tensor b = Tensor.randn(Shape.of(8, 2), DType.FLOAT32, Device.CPU, new Generator(4)).mul(0.4).requiresGrad_();
    var optim = new Adam(List.of(a, b)).learningRate(0.02).eps(1e-20);
    for (int i = 0; i < 200; i++) {
      try (var _ = MemoryScope.open()) {
        Tensor loss = Autocast.run(DType.FLOAT16, () -> Losses.mseLoss(x.matmul(a).matmul(b), y).mul(1e-8));
        optim.zeroGrad();
        scaler.scale(loss).backward();
        scaler.step(optim);
        scaler.update();
      }
    }
    return Losses.mseLoss(x.matmul(a).matmul(b), y).div(y.square().mean()).item();
  }
}
