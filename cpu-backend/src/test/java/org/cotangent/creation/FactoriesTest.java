package org.cotangent.creation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class FactoriesTest {
  @Test
  void theJavaTypeDecidesTheDtype() {
    assertThat(Tensor.of(1f).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.of(1.0).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(Tensor.of(1).dtype()).isEqualTo(DType.INT32);
    assertThat(Tensor.of(1L).dtype()).isEqualTo(DType.INT64);
    assertThat(Tensor.of(true).dtype()).isEqualTo(DType.BOOL);
    assertThat(Tensor.scalar(2.5).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(Tensor.scalar(2).dtype()).isEqualTo(DType.INT32);
    assertThat(Tensor.ofNested(new short[][] {{1, 2}}).dtype()).isEqualTo(DType.INT16);
    assertThat(Tensor.ofNested(new byte[] {-1}).itemLong()).isEqualTo(-1);
    assertThat(Tensor.ofNested(new boolean[][][] {{{true}, {false}}}).shape().dims()).containsExactly(1, 2, 1);
    assertThat(Tensor.of(DType.UINT8, Shape.of(1), new byte[] {-1}).itemLong()).isEqualTo(255);
  }

  @Test
  void nestedArraysOfUnequalLengthAndForeignTypesAreRefused() {
    assertThatThrownBy(() -> Tensor.of(new float[][] {{1}, {2, 3}})).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Tensor.ofNested(new String[] {"a"})).isInstanceOf(DTypeException.class);
    assertThatThrownBy(() -> Tensor.of(new float[] {1, 2, 3}, 2, 2)).isInstanceOf(ShapeException.class).hasMessageContaining("3 elements");
    assertThatThrownBy(() -> Tensor.of(DType.FLOAT32, Shape.of(1), new double[] {1})).isInstanceOf(DTypeException.class);
  }

  @Test
  void ofCopiesAndWrapDoesNot() {
    float[] a = {1, 2};
    Tensor copy = Tensor.of(a, 2);
    Tensor shared = Tensor.wrap(a, 2);
    a[0] = 9;
    shared.written();
    assertThat(copy.toFloatArray()).containsExactly(1, 2);
    assertThat(shared.toFloatArray()).containsExactly(9, 2);
  }

  @Test
  void constantsHaveTheirShapeAndValue() {
    assertThat(Tensor.zeros(2, 3).toFloatArray()).containsExactly(0, 0, 0, 0, 0, 0);
    assertThat(Tensor.ones().item()).isEqualTo(1);
    assertThat(Tensor.full(Shape.of(2), 300, DType.UINT8, Device.CPU).toLongArray()).containsExactly(44, 44);
    assertThat(Tensor.full(Shape.of(1), 0.5, DType.BOOL, Device.CPU).dtype()).isEqualTo(DType.BOOL);
    assertThat(Tensor.onesLike(Tensor.of(1, 2)).dtype()).isEqualTo(DType.INT32);
    assertThat(Tensor.fullLike(Tensor.of(1.0, 2.0), 0.1).toDoubleArray()).containsExactly(0.1, 0.1);
    assertThat(Tensor.eye(2, 3).toFloatArray()).containsExactly(1, 0, 0, 0, 1, 0);
    assertThat(Tensor.zeros(0, 3).size()).isZero();
  }

  @Test
  void rangesAreThoseOfPyTorch() {
    assertThat(Tensor.arange(4).toLongArray()).containsExactly(0, 1, 2, 3);
    assertThat(Tensor.arange(5, 0, -2).toLongArray()).containsExactly(5, 3, 1);
    assertThat(Tensor.arange(2, 2, -1).size()).isZero();
    assertThat(Tensor.arange(0.0, 1.0, 0.3).toFloatArray()).containsExactly(0f, 0.3f, 0.6f, 0.9f);
    assertThat(Tensor.linspace(0, 1, 5).toFloatArray()).containsExactly(0, 0.25f, 0.5f, 0.75f, 1);
    assertThat(Tensor.linspace(3, 5, 1).toFloatArray()).containsExactly(3);
    assertThatThrownBy(() -> Tensor.arange(0, 3, 0)).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Tensor.arange(0.0, Double.NaN, 1.0)).isInstanceOf(ArgumentException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1, -7, Long.MAX_VALUE})
  void theSameSeedGivesTheSameNumbers(long seed) {
    Tensor.manualSeed(seed);
    float[] u = Tensor.rand(50).toFloatArray();
    float[] n = Tensor.randn(7, 3).toFloatArray();
    long[] i = Tensor.randint(-3, 4, 20).toLongArray();
    long[] p = Tensor.randperm(30).toLongArray();
    Tensor.manualSeed(seed);
    assertThat(Tensor.rand(50).toFloatArray()).containsExactly(u);
    assertThat(Tensor.randn(7, 3).toFloatArray()).containsExactly(n);
    assertThat(Tensor.randint(-3, 4, 20).toLongArray()).containsExactly(i);
    assertThat(Tensor.randperm(30).toLongArray()).containsExactly(p);
    assertThat(Tensor.rand(50).toFloatArray()).isNotEqualTo(u);
    for (float v : u) {
      assertThat(v).isBetween(0f, Math.nextDown(1f));
    }
    for (long v : i) {
      assertThat(v).isBetween(-3L, 3L);
    }
    assertThat(java.util.Arrays.stream(p).sorted().toArray()).containsExactly(Tensor.arange(30).toLongArray());
  }

  @Test
  void generatorsAreIndependentOfTheDefaultOne() {
    float[] a = Tensor.rand(Shape.of(5), DType.FLOAT32, Device.CPU, new Generator(3)).toFloatArray();
    Tensor.rand(5);
    assertThat(Tensor.rand(Shape.of(5), DType.FLOAT32, Device.CPU, new Generator(3)).toFloatArray()).containsExactly(a);
    assertThat(Tensor.rand(Shape.of(5), DType.FLOAT32, Device.CPU, new Generator(4)).toFloatArray()).isNotEqualTo(a);
  }

  @Test
  void normalNumbersHaveTheirMoments() {
    Tensor x = Tensor.randn(Shape.of(100_000), DType.FLOAT64, Device.CPU, new Generator(11));
    assertThat(x.mean().item()).isCloseTo(0, within(0.015));
    assertThat(x.var().item()).isCloseTo(1, within(0.02));
    assertThat(Tensor.randLike(Tensor.of(1.0, 2.0)).dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void itemNeedsExactlyOneElement() {
    assertThat(Tensor.ones(1, 1, 1).item()).isEqualTo(1);
    assertThatThrownBy(() -> Tensor.ones(2).item()).isInstanceOf(ShapeException.class).hasMessageContaining("[2] has 2");
    assertThatThrownBy(() -> Tensor.zeros(0).item()).isInstanceOf(ShapeException.class);
  }

  @ParameterizedTest(name = "rank {0}")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void everyRankAddsReducesPermutesAndDifferentiates(int rank) {
    int[] dims = new int[rank];
    int[] reverse = new int[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = i % 2 == 0 ? 2 : 3;
      reverse[i] = rank - 1 - i;
    }
    int n = (int) Shape.of(dims).size();
    Tensor x = Tensor.arange(0.0, n, 1.0).reshape(dims).copy().requiresGrad_();
    Tensor y = x.permute(reverse).mul(2).permute(reverse).square();
    y.sum().backward();
    float[] want = new float[n];
    for (int i = 0; i < n; i++) {
      want[i] = 8f * i;
    }
    assertThat(x.grad().toFloatArray()).containsExactly(want);
    assertThat(x.grad().shape().dims()).containsExactly(dims);
    assertThat(x.sum().item()).isEqualTo(n * (n - 1) / 2.0);
  }

  @Test
  void emptyTensorsPassThroughEverything() {
    Tensor x = Tensor.zeros(0, 3).requiresGrad_();
    Tensor y = x.exp().matmul(Tensor.ones(3, 2)).relu().add(1);
    assertThat(y.shape().dims()).containsExactly(0, 2);
    y.sum().backward();
    assertThat(x.grad().shape().dims()).containsExactly(0, 3);
    assertThat(Tensor.zeros(2, 0).matmul(Tensor.zeros(0, 3)).toFloatArray()).containsExactly(0, 0, 0, 0, 0, 0);
    assertThat(x.sum(0).detach().toFloatArray()).containsExactly(0, 0, 0);
    assertThat(x.mean().item()).isNaN();
    assertThat(x.prod().item()).isEqualTo(1);
    assertThat(x.toString()).contains("size=(0, 3)");
    assertThatThrownBy(() -> x.detach().max()).isInstanceOf(org.cotangent.errors.CotangentException.class);
    assertThatThrownBy(() -> x.detach().argmax()).isInstanceOf(org.cotangent.errors.CotangentException.class);
  }
}
