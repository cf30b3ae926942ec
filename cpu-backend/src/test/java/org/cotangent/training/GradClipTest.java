package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.optim.GradClip;
import org.cotangent.optim.SGD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradClipTest {
  private final Tensor a = Tensor.of(0.0, 0).requiresGrad_();
  private final Tensor b = Tensor.of(new double[][] {{0, 0}}).requiresGrad_();
  private final Tensor unused = Tensor.of(0.0).requiresGrad_();

  private List<Tensor> parameters() {
    Tensor.cat(0, a, b.reshape(-1)).mul(Tensor.of(3.0, -4, 12, 0.5)).sum().backward();
    return List.of(a, unused, b);
  }

  private Tensor gradients() {
    return Tensor.cat(0, a.grad(), b.grad().reshape(-1));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"two, 1, 2", "one, 2, 1", "infinity, 3, Infinity", "loose, 100, 2", "three, 1.5, 3"})
  void normsAreThoseOfPyTorch(String name, double max, double p) {
    Tensor total = GradClip.norm(parameters(), max, p);
    Reference.same(name, 0, total);
    Reference.same(name, 1, gradients());
  }

  @Test
  void valuesAreLimited() {
    GradClip.value(parameters(), 3.5);
    assertThat(gradients().toDoubleArray()).containsExactly(3, -3.5, 3.5, 0.5);
  }

  @Test
  void withoutGradientsTheNormIsZero() {
    assertThat(GradClip.norm(List.of(unused), 1).item()).isZero();
    assertThat(unused.hasGrad()).isFalse();
  }

  @Test
  void clippedGradientsAreSteppedWithInsideAScope() {
    var o = new SGD(List.of(a, b)).learningRate(1);
    try (var _ = MemoryScope.open()) {
      parameters();
      GradClip.norm(List.of(a, b), 1);
      o.step();
    }
    assertThat(a.toDoubleArray()[0]).isBetween(-0.231, -0.23);
    assertThat(gradients().norm().item()).isBetween(0.999, 1.0);
  }

  @Test
  void misuseIsNamed() {
    assertThatThrownBy(() -> GradClip.norm(parameters(), -1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("clip norm: is negative or not finite: -1.0");
    assertThatThrownBy(() -> GradClip.norm(parameters(), 1, 0))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("clip norm: order of the norm is not positive: 0.0");
    assertThatThrownBy(() -> GradClip.value(parameters(), Double.NaN)).hasMessage("clip value: is negative or not finite: NaN");
  }
}
