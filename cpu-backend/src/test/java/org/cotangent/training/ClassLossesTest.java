package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cotangent.ops.Losses.crossEntropy;
import static org.cotangent.ops.Losses.nllLoss;
import static org.cotangent.training.Reference.input;
import static org.cotangent.training.Reference.probabilities;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.ClassOptions;
import org.cotangent.ops.LossReduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class ClassLossesTest {
  private static final Tensor TARGETS = Tensor.of(2L, 0, 1, 2);
  private static final Tensor WEIGHT = Tensor.of(0.5, 2, 1.25);
  private static final Tensor SPATIAL = Tensor.of(new long[][] {{2, 0}, {1, -100}});
  private static final ClassOptions MEAN = ClassOptions.DEFAULT;
  private static final ClassOptions SUM = MEAN.reduction(LossReduction.SUM);
  private static final ClassOptions NONE = MEAN.reduction(LossReduction.NONE);

  private static Arguments row(String name, UnaryOperator<Tensor> f) {
    return Arguments.of(name, f);
  }

  static Stream<Arguments> rows() {
    ClassOptions smooth = MEAN.weight(WEIGHT).ignoreIndex(0).labelSmoothing(0.2);
    return Stream.of(
        row("mean", x -> crossEntropy(x, TARGETS)),
        row("sum", x -> crossEntropy(x, TARGETS, LossReduction.SUM)),
        row("none", x -> crossEntropy(x, TARGETS, NONE)),
        row("ignore 2", x -> crossEntropy(x, TARGETS, MEAN.ignoreIndex(2))),
        row("ignore 2 none", x -> crossEntropy(x, TARGETS, NONE.ignoreIndex(2))),
        row("weight", x -> crossEntropy(x, TARGETS, MEAN.weight(WEIGHT))),
        row("weight sum", x -> crossEntropy(x, TARGETS, SUM.weight(WEIGHT))),
        row("smooth", x -> crossEntropy(x, TARGETS, MEAN.labelSmoothing(0.1))),
        row("smooth weight ignore 0", x -> crossEntropy(x, TARGETS, smooth)),
        row("smooth weight ignore 0 none", x -> crossEntropy(x, TARGETS, smooth.reduction(LossReduction.NONE))),
        row("probabilities", x -> crossEntropy(x, probabilities())),
        row("probabilities smooth weight", x -> crossEntropy(x, probabilities(), SUM.weight(WEIGHT).labelSmoothing(0.2))),
        row("probabilities none", x -> crossEntropy(x, probabilities(), NONE)),
        row("spatial", x -> crossEntropy(x.reshape(2, 3, 2), SPATIAL)),
        row("spatial smooth weight", x -> crossEntropy(x.reshape(2, 3, 2), SPATIAL, MEAN.weight(WEIGHT).labelSmoothing(0.1))),
        row("one example", x -> crossEntropy(x.get(0), Tensor.scalar(2L))),
        row("nll", x -> nllLoss(x, TARGETS)),
        row("nll weight ignore 1", x -> nllLoss(x, TARGETS, MEAN.weight(WEIGHT).ignoreIndex(1))),
        row("nll weight none", x -> nllLoss(x, TARGETS, NONE.weight(WEIGHT))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void valuesAndGradientsAreThoseOfPyTorch(String name, UnaryOperator<Tensor> f) {
    Tensor x = input();
    Tensor y = f.apply(x);
    Reference.same(name, 0, y);
    Reference.backward(y);
    Reference.same(name, 1, x.grad());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void forwardModeAgreesWithReverseMode(String name, UnaryOperator<Tensor> f) {
    Tensor x = input().detach();
    assertThat(Autograd.jacfwd(f).apply(x).allClose(Autograd.jacrev(f).apply(x), 1e-10, 1e-12)).isTrue();
  }

  @Test
  void mappedOverExamplesItIsTheUnreducedLoss() {
    Tensor x = input().detach();
    Tensor y = probabilities();
    Tensor mapped = Autograd.vmap(v -> crossEntropy(v, Tensor.scalar(1L))).apply(x);
    Tensor all = crossEntropy(x, Tensor.of(1L, 1, 1, 1), NONE);
    assertThat(mapped.allClose(all, 1e-12, 1e-12)).isTrue();
    assertThat(Autograd.vmap(Autograd.grad(v -> crossEntropy(v, Tensor.scalar(1L)))).apply(x).shape()).isEqualTo(y.shape());
  }

  @Test
  void theHessianIsThatOfTheLogarithmOfASumOfExponentials() {
    Tensor x = input().detach().get(0);
    Tensor p = x.softmax(0);
    Tensor h = Autograd.hessian(v -> crossEntropy(v, Tensor.scalar(1L))).apply(x);
    assertThat(h.allClose(Tensor.eye(3).mul(p).sub(p.outer(p)), 1e-12, 1e-12)).isTrue();
  }

  @Test
  void gradientsFlowToProbabilities() {
    Tensor p = probabilities().requiresGrad_();
    crossEntropy(input(), p, SUM).backward();
    Tensor expected = input().detach().logSoftmax(1).neg();
    assertThat(p.grad().allClose(expected, 1e-12, 1e-12)).isTrue();
  }

  @Test
  void hugeLogitsLoseNothing() {
    Tensor x = Tensor.of(new float[][] {{1e30f, 0, -1e30f}, {20000, 19999, 0}, {-3e38f, -3e38f, -3e38f}}).requiresGrad_();
    Tensor y = crossEntropy(x, Tensor.of(0L, 1, 2), NONE);
    assertThat(y.toFloatArray()).containsExactly(new float[] {0, 1.3132616f, 1.0986123f}, within(Math.ulp(1f)));
    y.sum().backward();
    assertThat(x.grad().isFinite().all().item()).isEqualTo(1);
    assertThat(crossEntropy(Tensor.of(new float[][] {{0, Float.NEGATIVE_INFINITY}}), Tensor.of(1L)).item()).isInfinite();
  }

  @Test
  void theMeanOverNoExampleIsNaN() {
    assertThat(crossEntropy(input(), Tensor.of(7L, 7, 7, 7), MEAN.ignoreIndex(7)).item()).isNaN();
  }

  @Test
  void otherIntegerTypesAreClassesToo() {
    Tensor t = TARGETS.to(DType.INT32);
    Reference.same("mean", 0, crossEntropy(input(), t));
    Reference.same("mean", 0, crossEntropy(input(), TARGETS.to(DType.UINT8)));
  }

  @Test
  void printsLikePyTorch() {
    Tensor x = input().detach().to(DType.FLOAT32).requiresGrad_();
    assertThat(crossEntropy(x, TARGETS)).hasToString("tensor(0.6609, grad_fn=<NllLossBackward0>)");
    assertThat(nllLoss(x, TARGETS).gradFn()).contains("NllLossBackward0");
    assertThat(crossEntropy(x.reshape(2, 3, 2), SPATIAL).gradFn()).contains("NllLoss2DBackward0");
    assertThat(crossEntropy(x, TARGETS, MEAN.labelSmoothing(0.1)).gradFn()).contains("AddBackward0");
  }

  @Test
  void targetsThatAreNoClassAreRefused() {
    assertThatThrownBy(() -> crossEntropy(input(), Tensor.of(0L, 3, 1, 2)).synchronize())
        .isInstanceOf(IndexException.class)
        .hasMessage("crossEntropy: index 3 is out of range for axis 1 of size 3");
    assertThatThrownBy(() -> nllLoss(input(), Tensor.of(0L, -1, 1, 2)).synchronize())
        .isInstanceOf(IndexException.class)
        .hasMessage("nllLoss: index -1 is out of range for axis 1 of size 3");
  }

  @Test
  void misuseIsNamed() {
    assertThatThrownBy(() -> crossEntropy(input(), Tensor.of(0L, 1, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("crossEntropy: targets [3] do not fit the input [4, 3]; expected [4]");
    assertThatThrownBy(() -> crossEntropy(input(), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "crossEntropy: probabilities [4] do not fit the input [4, 3]; expected one for each logit, or class indices of type int64");
    assertThatThrownBy(() -> crossEntropy(Tensor.scalar(1f), Tensor.scalar(0L)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("crossEntropy: the input is a scalar; expected [c], [n, c] or [n, c, d...]");
    assertThatThrownBy(() -> crossEntropy(TARGETS.reshape(2, 2), TARGETS))
        .isInstanceOf(DTypeException.class)
        .hasMessage("crossEntropy: needs a floating input, not int64; convert with to(DType.FLOAT32)");
    assertThatThrownBy(() -> nllLoss(input(), probabilities()))
        .isInstanceOf(DTypeException.class)
        .hasMessage("nllLoss: targets are float64, not class indices; convert with to(DType.INT64)");
    assertThatThrownBy(() -> crossEntropy(input(), TARGETS, MEAN.weight(Tensor.ones(4))))
        .isInstanceOf(ShapeException.class)
        .hasMessage("crossEntropy: weights [4] do not fit 3 classes; expected [3]");
    assertThatThrownBy(() -> MEAN.labelSmoothing(1.5))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("crossEntropy: label smoothing is not between 0 and 1: 1.5");
  }
}
