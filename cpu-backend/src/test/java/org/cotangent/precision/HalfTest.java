package org.cotangent.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorQuantiles.Interpolation;
import org.cotangent.errors.DTypeException;
import org.cotangent.ops.Linalg;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What float16 and bfloat16 tensors are to a user: made, read, printed, and rounded at every operation. */
@ExtendWith(LeakCheck.class)
class HalfTest {
  private static Tensor of(DType t, float... v) {
    return Tensor.of(v).to(t);
  }

  @Test
  void readsAsNumbersAndAsBits() {
    Tensor x = of(DType.FLOAT16, 1.5f, 65504, 65520, 0x1p-24f, -0f);
    assertThat(x.dtype()).isEqualTo(DType.FLOAT16);
    assertThat(x.toFloatArray()).containsExactly(1.5f, 65504, Float.POSITIVE_INFINITY, 0x1p-24f, -0f);
    assertThat((short[]) x.toArray()).containsExactly((short) 0x3e00, (short) 0x7bff, (short) 0x7c00, (short) 1, (short) 0x8000);
    assertThat(Tensor.of(DType.BFLOAT16, Shape.of(2), new short[] {0x3f80, (short) 0xc000}).toFloatArray()).containsExactly(1, -2);
    assertThat(x.get(0).item()).isEqualTo(1.5);
    assertThat(Tensor.scalar(0.1f).to(DType.BFLOAT16).item()).isEqualTo(0.10009765625);
    assertThat(x).hasToString("tensor([1.5000e+00, 6.5504e+04,        inf, 5.9605e-08, -0.0000e+00],\n       dtype=float16)");
    assertThat(of(DType.BFLOAT16, 1, 2.5f)).hasToString("tensor([1.0000, 2.5000], dtype=bfloat16)");
    assertThat(Tensor.full(Shape.of(2), 0.1, DType.BFLOAT16, Device.CPU).toFloatArray()).containsOnly(0.100097656f);
    assertThat(Tensor.arange(0, 3, 1, DType.FLOAT16).toFloatArray()).containsExactly(0, 1, 2);
  }

  @Test
  void everyOperationRoundsItsResult() {
    Tensor one = of(DType.FLOAT16, 1, 2048);
    assertThat(one.add(0x1p-12).sub(1).toFloatArray()).containsExactly(0, 2047);
    assertThat(one.add(1).toFloatArray()).as("2049 is a tie").containsExactly(2, 2048);
    assertThat(of(DType.FLOAT16, 300).square().div(300).item()).as("300² overflows").isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(of(DType.BFLOAT16, 256).add(1).sub(256).item()).isZero();
    assertThat(of(DType.FLOAT16, 3).mul(0.1).item()).as("a Java number is not rounded first").isEqualTo(DType.FLOAT16.round(3 * 0.1f));
  }

  /** The same program with every value computed before the next operation sees it. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void fusedIsUnfusedBitByBit(DType t) {
    var random = new java.util.Random(11);
    for (int round = 0; round < 60; round++) {
      Tensor x = Tensor.randn(Shape.of(37), t, Device.CPU, new Generator(round)).mul(random.nextBoolean() ? 1 : 100);
      Tensor y = Tensor.randn(Shape.of(37), t, Device.CPU, new Generator(round + 999));
      int[] choice = IntStream.range(0, 8).map(_ -> random.nextInt(8)).toArray();
      assertThat(run(choice, x, y, v -> v).toArray()).isEqualTo(run(choice, x, y, Tensor::synchronize).toArray());
    }
  }

  private static Tensor run(int[] choice, Tensor x, Tensor y, UnaryOperator<Tensor> after) {
    List<Tensor> all = new ArrayList<>(List.of(x, y));
    for (int c : choice) {
      Tensor a = all.get(all.size() - 1);
      Tensor b = all.get(all.size() / 2);
      all.add(after.apply(switch (c) {
        case 0 -> a.add(b);
        case 1 -> a.mul(b);
        case 2 -> a.sub(b).mul(0.3);
        case 3 -> a.tanh();
        case 4 -> a.abs().add(1).sqrt();
        case 5 -> Tensor.where(a.gt(b), a, b.neg());
        case 6 -> a.to(DType.FLOAT32).mul(1.7).to(a.dtype());
        default -> a.sigmoid().div(b.square().add(1));
      }));
    }
    return all.get(all.size() - 1);
  }

  @Test
  void sumsAndProductsAddUpInSinglePrecision() {
    Tensor ones = Tensor.full(Shape.of(5000), 1, DType.FLOAT16, Device.CPU).mul(1);
    assertThat(ones.sum().item()).isEqualTo(5000);
    assertThat(ones.cumsum(0).get(4999).item()).isEqualTo(5000);
    assertThat(ones.dot(ones).item()).isEqualTo(5000);
    assertThat(ones.mul(100).mean().item()).as("a sum of 500000 does not overflow on the way").isEqualTo(100);
    Tensor at = Tensor.full(Shape.of(5000), 0, DType.INT64, Device.CPU);
    assertThat(Tensor.full(Shape.of(1), 0, DType.BFLOAT16, Device.CPU).scatterAdd(0, at, ones.to(DType.BFLOAT16)).item())
        .isEqualTo(DType.BFLOAT16.round(5000));
  }

  @Test
  void quantilesOfManyElementsFindTheirRank() {
    for (DType t : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      Tensor x = Tensor.arange(0, 4001, 1, DType.FLOAT32).div(4000).to(t);
      double want = x.to(DType.FLOAT64).sort(0).values().get(3000).item();
      assertThat(x.quantile(0.75).item()).isEqualTo(want);
      assertThat(x.nanQuantile(Tensor.scalar(0.75f).to(t), Interpolation.NEAREST).item()).isEqualTo(want);
    }
  }

  @Test
  void productsOfStridedBatchesAreThoseOfTheirElements() {
    for (DType t : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      Tensor a = Tensor.randint(-8, 9, Shape.of(3, 5, 9), Device.CPU, new Generator(1)).to(t).slice(2, 1, 9, 2);
      Tensor b = Tensor.randint(-8, 9, Shape.of(6, 4), Device.CPU, new Generator(2)).to(t).t();
      Tensor want = a.to(DType.FLOAT64).matmul(b.to(DType.FLOAT64));
      Tensor got = a.matmul(b);
      assertThat(got.dtype()).isEqualTo(t);
      assertThat(got.toArray()).isEqualTo(want.to(t).toArray());
      assertThat(a.transpose(1, 2).matmul(a).toArray())
          .isEqualTo(a.transpose(1, 2).to(DType.FLOAT64).matmul(a.to(DType.FLOAT64)).to(t).toArray());
    }
  }

  @Test
  void gradientsHaveTheTypeOfTheirTensor() {
    Tensor x = of(DType.FLOAT16, 1, 2).requiresGrad_();
    Tensor w = Tensor.of(3f, 4f).requiresGrad_();
    Tensor y = x.mul(w);
    assertThat(y.dtype()).isEqualTo(DType.FLOAT32);
    y.sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT16);
    assertThat(w.grad().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(x.grad().toFloatArray()).containsExactly(3, 4);
  }

  @Test
  void drawsStayBelowOne() {
    for (DType t : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      Tensor u = Tensor.rand(Shape.of(100_000), t, Device.CPU, new Generator(3));
      assertThat(u.dtype()).isEqualTo(t);
      assertThat(u.max().item()).isEqualTo(1 - t.epsilon() / 2);
      assertThat(u.min().item()).isZero();
      assertThat(u.mean().item()).isBetween(0.49, 0.51);
      assertThat(Tensor.randn(Shape.of(10_000), t, Device.CPU, new Generator(3)).std().item()).isBetween(0.97, 1.03);
    }
  }

  @Test
  void factorisationsAreRefused() {
    Tensor a = Tensor.eye(2).to(DType.BFLOAT16);
    assertThatThrownBy(() -> Linalg.inv(a)).isInstanceOf(DTypeException.class).hasMessageContaining("not bfloat16; convert with to(DType.FLOAT32)");
    assertThatThrownBy(() -> of(DType.FLOAT16, 1).dot(of(DType.BFLOAT16, 1))).isInstanceOf(DTypeException.class)
        .hasMessage("dot: types differ: float16 and bfloat16; convert one with to(dtype)");
  }
}
