package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.cotangent.Autograd;
import org.cotangent.SavedTensors;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class SavedTensorsTest {
  private static Tensor numbers() {
    return Tensor.of(0.5, -2.0, 1.5);
  }

  @Test
  void whatAGraphSavesPassesThroughPackAndUnpack() {
    var packed = new AtomicInteger();
    var unpacked = new AtomicInteger();
    Tensor x = numbers().requiresGrad_();
    Tensor y = Autograd.savedTensors(t -> {
      packed.incrementAndGet();
      return t.toDoubleArray();
    }, o -> {
      unpacked.incrementAndGet();
      return Tensor.of((double[]) o);
    }, () -> x.sin().exp()).sum();
    assertThat(packed.get()).as("the input of sin, the output of exp").isEqualTo(2);
    y.backward();
    assertThat(unpacked.get()).isEqualTo(2);
    assertThat(x.grad().allClose(numbers().sin().exp().mul(numbers().cos()), 1e-14, 1e-14)).isTrue();
  }

  @Test
  void onTheHostGivesTheSameGradientsAlsoInsideTransforms() {
    Tensor x = numbers().requiresGrad_();
    SavedTensors.onHost(() -> x.sin().mul(x)).sum().backward();
    Tensor kept = x.grad().copy();
    x.zeroGrad();
    x.sin().mul(x).sum().backward();
    assertThat(kept.toDoubleArray()).containsExactly(x.grad().toDoubleArray());
    Tensor h = SavedTensors.onHost(() -> Autograd.hessian(v -> v.sin().mul(v).sum()).apply(numbers()));
    assertThat(h.allClose(Autograd.hessian(v -> v.sin().mul(v).sum()).apply(numbers()), 1e-14, 1e-14)).isTrue();
    Tensor rows = Tensor.stack(numbers(), numbers().mul(2));
    Tensor g = SavedTensors.onHost(() -> Autograd.vmap(Autograd.grad(v -> v.sin().mul(v).sum())).apply(rows));
    assertThat(g.allClose(rows.sin().add(rows.cos().mul(rows)), 1e-14, 1e-14)).isTrue();
  }

  @Test
  void inSinglePrecisionGradientsAreRounded() {
    Tensor x = Tensor.of(0.1, 0.2).requiresGrad_();
    SavedTensors.inSinglePrecision(() -> x.mul(x)).sum().backward();
    assertThat(x.grad().allClose(Tensor.of(0.2, 0.4), 1e-6, 0)).isTrue();
    assertThat(x.grad().toDoubleArray()).isNotEqualTo(new double[] {0.2, 0.4});
  }

  @Test
  void anUnpackOfAnotherShapeIsRefused() {
    Tensor x = numbers().requiresGrad_();
    Tensor y = Autograd.savedTensors(t -> t, o -> Tensor.of(1.0), x::sin).sum();
    assertThatThrownBy(y::backward).isInstanceOf(GradientException.class)
        .hasMessage("savedTensors: unpack gave float64 [1] for a value of float64 [3]");
  }
}
