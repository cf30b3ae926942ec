package org.cotangent.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cotangent.Tensor;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class DeepGraphTest {
  private static final int DEPTH = 100_000;

  @Test
  void aChainOfAHundredThousandAdditionsNeedsNoStack() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x;
    for (int i = 0; i < DEPTH; i++) {
      y = y.add(1);
    }
    y.sum().backward();
    assertThat(y.toFloatArray()).containsExactly(DEPTH + 1, DEPTH + 2);
    assertThat(x.grad().toFloatArray()).containsExactly(1, 1);
  }

  @Test
  void aChainOfSavedValuesNeedsNoStack() {
    int depth = DEPTH / 5;
    Tensor x = Tensor.of(0.5, 1.0).requiresGrad_();
    Tensor w = Tensor.scalar(0.99999).requiresGrad_();
    Tensor y = x;
    for (int i = 0; i < depth; i++) {
      y = y.mul(w);
    }
    y.sum().backward();
    double p = Math.pow(0.99999, depth);
    assertThat(x.grad().toDoubleArray()).containsExactly(new double[] {p, p}, within(1e-9));
    assertThat(w.grad().item()).isCloseTo(1.5 * depth * Math.pow(0.99999, depth - 1), within(1e-4));
  }

  @Test
  void aChainOfViewsNeedsNoStack() {
    Tensor x = Tensor.ones(2, 3).requiresGrad_();
    Tensor y = x;
    for (int i = 0; i < 5_000; i++) {
      y = y.transpose(0, 1).mul(1);
    }
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsOnly(1);
  }
}
