package org.cotangent.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.functional.Naive.assertClose;
import static org.cotangent.functional.Naive.numbers;

import org.cotangent.GradCheck;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.AdaptivePooling;
import org.cotangent.ops.Padding;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class PoolingTest {
  @ParameterizedTest
  @CsvSource({"3, 2, 1, 1, false", "2, 2, 0, 1, true", "3, 1, 1, 2, false", "3, 3, 1, 1, true", "2, 3, 1, 2, true"})
  void largestOfEachWindowWithItsPosition(int kernel, int stride, int padding, int dilation, boolean ceil) {
    Tensor x = numbers(1, 2, 3, 10);
    Indexed y = Pooling.maxPool1dWithIndices(x, PoolOptions.of(kernel).stride(stride).padding(padding).dilation(dilation).ceilMode(ceil));
    int out = y.values().size(2);
    for (int c = 0; c < 6; c++) {
      for (int o = 0; o < out; o++) {
        double best = Double.NEGATIVE_INFINITY;
        long place = -1;
        for (int k = 0; k < kernel; k++) {
          int i = o * stride - padding + k * dilation;
          if (i >= 0 && i < 10 && x.get(c / 3, c % 3, i).item() > best) {
            best = x.get(c / 3, c % 3, i).item();
            place = i;
          }
        }
        assertThat(y.values().get(c / 3, c % 3, o).item()).isEqualTo(best);
        assertThat(y.indices().get(c / 3, c % 3, o).itemLong()).isEqualTo(place);
      }
    }
    assertThat((out - 1) * stride).isLessThan(10 + padding);
  }

  @Test
  void oneOfEqualElementsGetsTheGradient() {
    Tensor x = Tensor.ones(1, 1, 4, 4).requiresGrad_();
    Pooling.maxPool2d(x, PoolOptions.of(2)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);
  }

  @Test
  void positionsCountRowsAndColumns() {
    Tensor x = Tensor.arange(24).to(org.cotangent.DType.FLOAT64).reshape(1, 1, 2, 3, 4);
    Indexed y = Pooling.maxPool3dWithIndices(x, PoolOptions.of(2, 3, 2));
    assertThat(y.values().toDoubleArray()).containsExactly(21, 23);
    assertThat(y.indices().toLongArray()).containsExactly(21, 23);
  }

  @Test
  void meansCountWhatTheyAreToldTo() {
    Tensor x = Tensor.of(1.0, 2, 3, 4, 5).reshape(1, 1, 5);
    PoolOptions o = PoolOptions.of(3).stride(2).padding(1).ceilMode(true);
    assertClose(Pooling.avgPool1d(x, o), Tensor.of(1.0, 3, 3).reshape(1, 1, 3));
    assertClose(Pooling.avgPool1d(x, o.countIncludePad(false)), Tensor.of(1.5, 3, 4.5).reshape(1, 1, 3));
    assertClose(Pooling.avgPool2d(x.unsqueeze(2), PoolOptions.of(1, 2).divisor(4)), Tensor.of(0.75, 1.75).reshape(1, 1, 1, 2));
    assertClose(Pooling.avgPool1d(x, PoolOptions.of(2).ceilMode(true)), Tensor.of(1.5, 3.5, 5).reshape(1, 1, 3));
  }

  @Test
  void derivativesAreThoseOfDifferences() {
    PoolOptions o = PoolOptions.of(2, 3).stride(1, 2).padding(1);
    GradCheck.gradcheck((Tensor v) -> Pooling.avgPool2d(v, o), numbers(3, 1, 2, 3, 4));
    GradCheck.gradcheck((Tensor v) -> Pooling.maxPool2d(v, o), numbers(4, 1, 2, 3, 4));
    GradCheck.gradgradcheck((Tensor v) -> Pooling.maxPool2d(v.mul(v), o), numbers(5, 1, 1, 3, 4));
  }

  @Test
  void toAGivenSize() {
    Tensor x = numbers(6, 2, 3, 5, 7);
    Tensor y = AdaptivePooling.avgPool(x, 2, -1);
    assertClose(y.narrow(2, 0, 1), x.narrow(2, 0, 3).mean(new int[] {2}, true));
    assertClose(y.narrow(2, 1, 1), x.narrow(2, 2, 3).mean(new int[] {2}, true));
    Indexed best = AdaptivePooling.maxPoolWithIndices(x, 5, 3);
    assertClose(best.values().narrow(3, 1, 1), x.narrow(3, 2, 3).amax(new int[] {3}, true));
    assertClose(x.flatten(2, 3).gather(2, best.indices().flatten(2, 3)).reshape(2, 3, 5, 3), best.values());
    GradCheck.gradcheck((Tensor v) -> AdaptivePooling.avgPool(v, 3), numbers(7, 1, 2, 5));
    assertThatThrownBy(() -> AdaptivePooling.avgPool(x, -2)).isInstanceOf(ShapeException.class);
  }

  @Test
  void refusals() {
    Tensor x = numbers(1, 1, 2, 5);
    assertThatThrownBy(() -> PoolOptions.of(2).padding(-1)).isInstanceOf(ArgumentException.class)
        .hasMessageContaining("pad must be non-negative");
    assertThatThrownBy(() -> Pooling.maxPool1d(x, PoolOptions.of(3).padding(2))).isInstanceOf(ArgumentException.class)
        .hasMessageContaining("pad should be at most half of kernel size");
    assertThatThrownBy(() -> Pooling.maxPool1d(x, PoolOptions.of(6))).isInstanceOf(ShapeException.class).hasMessageContaining("too small");
    assertThatThrownBy(() -> Pooling.maxPool2d(Tensor.ones(1, 0, 4), PoolOptions.of(1))).isInstanceOf(ShapeException.class);
  }

  @Test
  void borders() {
    Tensor x = Tensor.of(1.0, 2, 3).reshape(1, 3);
    assertThat(Padding.constant(x, 7, 1, -1).toDoubleArray()).containsExactly(7, 1, 2);
    assertThat(Padding.reflect(x, 2, 1).toDoubleArray()).containsExactly(3, 2, 1, 2, 3, 2);
    assertThat(Padding.replicate(x, 2, 1).toDoubleArray()).containsExactly(1, 1, 1, 2, 3, 3);
    assertThat(Padding.circular(x, 2, 1).toDoubleArray()).containsExactly(2, 3, 1, 2, 3, 1);
    assertThatThrownBy(() -> Padding.reflect(x, 3, 0)).isInstanceOf(ShapeException.class)
        .hasMessage("reflect: padding size 3, 0 should be less than the size 3 of axis 1 of [1, 3]");
    assertThatThrownBy(() -> Padding.constant(x, 0, 1)).isInstanceOf(ArgumentException.class);
    GradCheck.gradcheck((Tensor v) -> Padding.circular(v, 1, 2), numbers(2, 2, 3));
  }

  @Test
  void anInfinityStaysInTheAdaptiveMeansThatCoverIt() {
    Tensor x = Tensor.of(new double[] {1, 2, Double.POSITIVE_INFINITY, 4, 5}, 1, 1, 5);
    assertThat(AdaptivePooling.avgPool(x, 3).toDoubleArray()).containsExactly(1.5, Double.POSITIVE_INFINITY, 4.5);
  }
}
