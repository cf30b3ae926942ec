package org.cotangent.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.detectAnomaly;

import org.cotangent.Tensor;
import org.cotangent.errors.AnomalyException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class AnomalyTest {
  private static Tensor badRoot(Tensor x) {
    return x.sqrt();
  }

  @Test
  void aNanInBackwardNamesTheOperationAndItsLine() {
    Tensor x = Tensor.of(0f, 4f).requiresGrad_();
    assertThatThrownBy(() -> detectAnomaly(() -> {
      Tensor y = badRoot(x).mul(Tensor.of(0f, 1f));
      y.sum().backward();
    }))
        .isInstanceOf(AnomalyException.class)
        .hasMessageContaining("backward of sqrt")
        .hasMessageContaining("NaN")
        .hasMessageContaining("AnomalyTest.badRoot(AnomalyTest.java:");
    assertThat(x.hasGrad()).isFalse();
  }

  @Test
  void finiteGradientsPassInAnomalyMode() {
    Tensor x = Tensor.of(1f, 4f).requiresGrad_();
    assertThatCode(() -> detectAnomaly(() -> x.sqrt().sum().backward())).doesNotThrowAnyException();
    assertThat(x.grad().toFloatArray()).containsExactly(0.5f, 0.25f);
  }

  @Test
  void withoutTheModeANanIsANumberLikeOthers() {
    Tensor x = Tensor.of(0f, 4f).requiresGrad_();
    x.sqrt().mul(Tensor.of(0f, 1f)).sum().backward();
    assertThat(x.grad().toFloatArray()[0]).isNaN();
    assertThat(x.grad().toFloatArray()[1]).isEqualTo(0.25f);
  }
}
