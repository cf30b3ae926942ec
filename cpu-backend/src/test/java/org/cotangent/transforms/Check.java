package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cotangent.Tensor;

/** Numbers to test with, and their comparison. */
final class Check {
  private Check() {}

  static Tensor random(int seed, int... shape) {
    int n = 1;
    for (int d : shape) {
      n *= d;
    }
    return Tensor.of(new Random(seed).doubles(n, -1, 1).toArray(), shape);
  }

  static void same(Tensor got, Tensor want) {
    assertThat(got.shape()).isEqualTo(want.shape());
    assertThat(got.toDoubleArray()).usingComparatorWithPrecision(1e-10).containsExactly(want.toDoubleArray());
  }

  static void same(String what, Tensor got, Tensor want) {
    assertThat(got.shape()).as(what).isEqualTo(want.shape());
    assertThat(got.toDoubleArray()).as(what).usingComparatorWithPrecision(1e-10).containsExactly(want.toDoubleArray());
  }
}
