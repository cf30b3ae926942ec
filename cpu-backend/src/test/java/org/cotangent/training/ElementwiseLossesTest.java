package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.ops.Losses.binaryCrossEntropy;
import static org.cotangent.ops.Losses.binaryCrossEntropyWithLogits;
import static org.cotangent.ops.Losses.huberLoss;
import static org.cotangent.ops.Losses.l1Loss;
import static org.cotangent.ops.Losses.mseLoss;
import static org.cotangent.ops.Losses.smoothL1Loss;
import static org.cotangent.training.Reference.input;
import static org.cotangent.training.Reference.probabilities;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.LossReduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class ElementwiseLossesTest {
  private static final LossReduction MEAN = LossReduction.MEAN;
  private static final LossReduction SUM = LossReduction.SUM;
  private static final LossReduction NONE = LossReduction.NONE;

  private static Arguments row(String name, BinaryOperator<Tensor> f) {
    return Arguments.of(name, f);
  }

  static Stream<Arguments> rows() {
    return Stream.of(
        row("bce logits", (x, t) -> binaryCrossEntropyWithLogits(x, t)),
        row("bce logits sum", (x, t) -> binaryCrossEntropyWithLogits(x, t, SUM)),
        row("bce logits positive", (x, t) -> binaryCrossEntropyWithLogits(x, t, Tensor.of(0.5, 2, 1.25), MEAN)),
        row("mse mean", (x, t) -> mseLoss(x, t)),
        row("mse sum", (x, t) -> mseLoss(x, t, SUM)),
        row("mse none", (x, t) -> mseLoss(x, t, NONE)),
        row("l1 mean", (x, t) -> l1Loss(x, t)),
        row("l1 sum", (x, t) -> l1Loss(x, t, SUM)),
        row("l1 none", (x, t) -> l1Loss(x, t, NONE)),
        row("smooth l1 0.5", (x, t) -> smoothL1Loss(x, t, 0.5, MEAN)),
        row("huber 0.7", (x, t) -> huberLoss(x, t, 0.7, MEAN)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void valuesAndBothGradientsAreThoseOfPyTorch(String name, BinaryOperator<Tensor> f) {
    check(name, f, input());
  }

  private static void check(String name, BinaryOperator<Tensor> f, Tensor x) {
    Tensor t = probabilities().requiresGrad_();
    Tensor y = f.apply(x, t);
    Reference.same(name, 0, y);
    Reference.backward(y);
    Reference.same(name, 1, x.grad());
    Reference.same(name, 2, t.grad());
  }

  @Test
  void binaryCrossEntropyOfProbabilities() {
    double[][] q = {{0.5, 0.12, 0.99}, {0.15, 0.3, 0.7}, {0.02, 0.8, 0.1}, {0.22, 0.4, 0.11}};
    check("bce", (x, t) -> binaryCrossEntropy(x, t), Tensor.of(q).requiresGrad_());
  }

  @Test
  void binaryCrossEntropyIsFiniteAtTheEnds() {
    Tensor x = Tensor.of(0f, 1f, 0f, 1f).requiresGrad_();
    Tensor y = binaryCrossEntropy(x, Tensor.of(0f, 1f, 1f, 0f), NONE);
    assertThat(y.eq(Tensor.of(0f, 0f, 100f, 100f)).all().item()).isEqualTo(1);
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).as("(x - t) / max(x (1 - x), 1e-12)").containsExactly(0f, 0f, -1e12f, 1e12f);
    assertThat(binaryCrossEntropy(Tensor.of(1.5f, -0.5f), Tensor.of(0f, 1f), NONE).isNan().all().item()).isEqualTo(1);
  }

  @Test
  void hugeLogitsGiveFiniteLosses() {
    Tensor x = Tensor.of(1e4f, -1e4f, 1e30f, -1e30f).requiresGrad_();
    Tensor y = binaryCrossEntropyWithLogits(x, Tensor.of(1f, 0f, 0f, 1f), NONE);
    assertThat(y.toFloatArray()).containsExactly(0f, 0f, 1e30f, 1e30f);
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(0f, 0f, 1f, -1f);
  }

  @Test
  void secondDerivatives() {
    Tensor t = probabilities();
    Tensor x = input().detach();
    Tensor h = Autograd.vmap(Autograd.grad(v -> binaryCrossEntropyWithLogits(v, Tensor.of(0.2, 0.3, 0.5), SUM))).apply(x);
    assertThat(h.allClose(x.sigmoid().sub(Tensor.of(0.2, 0.3, 0.5)), 1e-12, 1e-12)).isTrue();
    Tensor second = Autograd.hessian(v -> mseLoss(v, t, SUM)).apply(x).reshape(12, 12);
    assertThat(second.allClose(Tensor.eye(12).mul(2), 1e-12, 1e-12)).isTrue();
  }

  @Test
  void theEdgesOfSmoothL1AndHuber() {
    Tensor x = Tensor.of(0.0, 0.5, 2.0).requiresGrad_();
    Tensor zero = Tensor.of(0.0, 0, 0);
    assertThat(smoothL1Loss(x, zero, 0, NONE).toDoubleArray()).containsExactly(0, 0.5, 2);
    assertThat(smoothL1Loss(x, zero, 1, NONE).toDoubleArray()).containsExactly(0, 0.125, 1.5);
    assertThat(huberLoss(x, zero, 0.5, NONE).toDoubleArray()).containsExactly(0, 0.125, 0.875);
    smoothL1Loss(x, zero).backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 0.5 / 3, 1.0 / 3);
  }

  @Test
  void gradientNamesAreThoseOfPyTorch() {
    Tensor x = input();
    Tensor t = probabilities();
    assertThat(mseLoss(x, t).gradFn()).contains("MseLossBackward0");
    assertThat(binaryCrossEntropyWithLogits(x, t).gradFn()).contains("BinaryCrossEntropyWithLogitsBackward0");
    assertThat(binaryCrossEntropy(x.sigmoid(), t).gradFn()).contains("BinaryCrossEntropyBackward0");
    assertThat(l1Loss(x, t).gradFn()).contains("MeanBackward0");
    assertThat(smoothL1Loss(x, t).gradFn()).contains("SmoothL1LossBackward0");
    assertThat(huberLoss(x, t).gradFn()).contains("HuberLossBackward0");
  }

  @Test
  void misuseIsNamed() {
    assertThatThrownBy(() -> mseLoss(Tensor.zeros(4, 1), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("mseLoss: input [4, 1] and target [4] differ; reshape or expand one");
    assertThatThrownBy(() -> binaryCrossEntropyWithLogits(input(), probabilities(), Tensor.ones(4), MEAN))
        .isInstanceOf(ShapeException.class)
        .hasMessage("binaryCrossEntropyWithLogits: [4, 3] and [4] do not broadcast: axis -1 is 3 and 4");
    assertThatThrownBy(() -> huberLoss(input(), probabilities(), 0, MEAN))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("huberLoss: delta is not positive: 0.0");
    assertThatThrownBy(() -> smoothL1Loss(input(), probabilities(), -1, MEAN))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("smoothL1Loss: beta is negative: -1.0");
  }
}
