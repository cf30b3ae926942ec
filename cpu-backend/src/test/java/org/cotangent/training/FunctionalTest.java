package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.training.Reference.input;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Activations;
import org.cotangent.ops.Functional;
import org.cotangent.ops.Norms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class FunctionalTest {
  private static final Shape ROW = Shape.of(3);

  private static Arguments row(String name, UnaryOperator<Tensor> f) {
    return Arguments.of(name, f);
  }

  static Stream<Arguments> rows() {
    return Stream.of(
        row("layer norm", x -> Norms.layerNorm(x, ROW, 1e-5)),
        row("layer norm both axes", x -> Norms.layerNorm(x, Shape.of(4, 3), 1e-5)),
        row("leaky relu", x -> Activations.leakyRelu(x, 0.1)),
        row("elu", x -> Activations.elu(x, 1.5)),
        row("gelu tanh", Activations::geluTanh),
        row("mish", Activations::mish),
        row("softsign", Activations::softsign),
        row("hardtanh", x -> Activations.hardtanh(x, -1, 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void functionsOfOneTensor(String name, UnaryOperator<Tensor> f) {
    Tensor x = input();
    Tensor y = f.apply(x);
    Reference.same(name, 0, y);
    Reference.backward(y);
    Reference.same(name, 1, x.grad());
  }

  @Test
  void layerNormWithWeightAndBias() {
    Tensor x = input();
    Tensor w = Tensor.of(0.5, 1.5, -2.0).requiresGrad_();
    Tensor b = Tensor.of(0.1, 0.2, 0.3).requiresGrad_();
    Tensor y = Norms.layerNorm(x, ROW, w, b, 1e-3);
    assertThat(y.gradFn()).contains("NativeLayerNormBackward0");
    Reference.same("layer norm affine", 0, y);
    Reference.backward(y);
    Reference.same("layer norm affine", 1, x.grad());
    Reference.same("layer norm affine", 2, w.grad());
    Reference.same("layer norm affine", 3, b.grad());
    assertThat(Norms.layerNorm(x, ROW, w, 1e-3).add(b).allClose(y, 1e-12, 1e-12)).isTrue();
  }

  @Test
  void rmsNormWithWeight() {
    Tensor x = input();
    Tensor w = Tensor.of(0.5, 1.5, -2.0).requiresGrad_();
    Tensor y = Norms.rmsNorm(x, ROW, w, 1e-6);
    Reference.same("rms norm", 0, y);
    Reference.backward(y);
    Reference.same("rms norm", 1, x.grad());
    Reference.same("rms norm", 2, w.grad());
    assertThat(Norms.rmsNorm(x, ROW, 1e-6).mul(w).allClose(y, 1e-12, 1e-12)).isTrue();
  }

  @Test
  void linear() {
    Tensor x = input();
    Tensor w = Tensor.of(new double[][] {{1, 2, 3}, {0, -1, 0.5}, {0.2, 0.3, 0.4}}).requiresGrad_();
    Tensor b = Tensor.of(0.1, 0.2, 0.3).requiresGrad_();
    Tensor y = Functional.linear(x, w, b);
    Reference.same("linear", 0, y);
    Reference.backward(y);
    Reference.same("linear", 1, x.grad());
    Reference.same("linear", 2, w.grad());
    Reference.same("linear", 3, b.grad());
    assertThat(y.gradFn()).contains("AddmmBackward0");
    assertThat(Functional.linear(x, w).gradFn()).contains("MmBackward0");
    assertThat(Functional.linear(x.reshape(2, 2, 3), w, b).gradFn()).contains("ViewBackward0");
    assertThat(Functional.linear(x.get(0), w, b).allClose(y.get(0), 1e-12, 1e-12)).isTrue();
    assertThat(Functional.linear(x.reshape(2, 2, 3), w, b).reshape(4, 3).allClose(y, 1e-12, 1e-12)).isTrue();
  }

  @Test
  void embeddingAddsUpTheGradientsOfARow() {
    Tensor table = Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}).requiresGrad_();
    Tensor at = Tensor.of(new long[][] {{2, 0}, {2, 2}});
    Tensor y = Functional.embedding(at, table);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 2));
    assertThat(y.toFloatArray()).containsExactly(5, 6, 1, 2, 5, 6, 5, 6);
    assertThat(y.gradFn()).contains("EmbeddingBackward0");
    y.sum().backward();
    assertThat(table.grad().toFloatArray()).containsExactly(1, 1, 0, 0, 3, 3);
    table.zeroGrad();
    Functional.embedding(at, table, 2).sum().backward();
    assertThat(table.grad().toFloatArray()).containsExactly(1, 1, 0, 0, 0, 0);
    assertThat(Functional.embedding(Tensor.scalar(1), table).toFloatArray()).containsExactly(3, 4);
  }

  @Test
  void embeddingRefusesWhatIsNoRow() {
    Tensor table = Tensor.zeros(3, 2);
    assertThatThrownBy(() -> Functional.embedding(Tensor.of(0L, -1), table).synchronize())
        .isInstanceOf(IndexException.class)
        .hasMessage("embedding: index -1 is out of range for axis 0 of size 3");
    assertThatThrownBy(() -> Functional.embedding(Tensor.of(0f), table))
        .isInstanceOf(DTypeException.class)
        .hasMessage("embedding: indices are float32, not integers; convert with to(DType.INT64)");
    assertThatThrownBy(() -> Functional.embedding(Tensor.of(0L), Tensor.zeros(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("embedding: table [3] is no matrix [n, d]");
  }

  @Test
  void dropoutKeepsTheMean() {
    Tensor x = Tensor.ones(100, 100).requiresGrad_();
    Tensor y = Functional.dropout(x, 0.25, true, new Generator(1));
    double zeros = y.eq(0).sum().item();
    assertThat(zeros / 1e4).isBetween(0.23, 0.27);
    assertThat(y.max().item()).isEqualTo((float) (1 / 0.75));
    assertThat(y.mean().item()).isBetween(0.97, 1.03);
    assertThat(Functional.dropout(x, 0.25, true, new Generator(1)).eq(y).all().item()).isEqualTo(1);
    y.sum().backward();
    assertThat(x.grad().eq(y).all().item()).isEqualTo(1);
    assertThat(y.gradFn()).contains("MulBackward0");
  }

  @Test
  void dropoutAtItsEnds() {
    Tensor x = input();
    assertThat(Functional.dropout(x, 0.5, false)).isSameAs(x);
    assertThat(Functional.dropout(x, 0, true)).isSameAs(x);
    Tensor none = Functional.dropout(x, 1, true);
    assertThat(none.eq(0).all().item()).isEqualTo(1);
    none.sum().backward();
    assertThat(x.grad().eq(0).all().item()).isEqualTo(1);
    assertThatThrownBy(() -> Functional.dropout(x, 1.5, true))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("dropout: probability is not between 0 and 1: 1.5");
  }

  @Test
  void eluIsStableForLargeInputs() {
    Tensor x = Tensor.of(1e4f, -1e4f, 0f).requiresGrad_();
    Tensor y = Activations.elu(x, 1);
    assertThat(y.toFloatArray()).containsExactly(1e4f, -1f, 0f);
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 0, 1);
  }

  @Test
  void misuseIsNamed() {
    assertThatThrownBy(() -> Functional.linear(Tensor.zeros(2, 3), Tensor.zeros(5, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("linear: input [2, 3] has 3 features, weight [5, 4] takes 4");
    assertThatThrownBy(() -> Functional.linear(Tensor.scalar(1f), Tensor.zeros(5, 4), Tensor.zeros(5)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("linear: input [] has no features, weight [5, 4] takes 4");
    assertThatThrownBy(() -> Functional.linear(Tensor.zeros(2, 4), Tensor.zeros(5, 4), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("linear: bias [4] does not fit weight [5, 4]; expected [5]");
    assertThatThrownBy(() -> Norms.layerNorm(input(), Shape.of(5), 1e-5))
        .isInstanceOf(ShapeException.class)
        .hasMessage("layerNorm: [4, 3] does not end in [5]");
    assertThatThrownBy(() -> Norms.layerNorm(input(), ROW, Tensor.ones(4), 1e-5))
        .isInstanceOf(ShapeException.class)
        .hasMessage("layerNorm: weight is [4], expected [3]");
    assertThatThrownBy(() -> Norms.rmsNorm(input(), ROW, -1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("rmsNorm: eps is negative: -1.0");
    assertThat(Activations.mish(Tensor.of(0)).dtype()).isEqualTo(DType.FLOAT32);
  }
}
