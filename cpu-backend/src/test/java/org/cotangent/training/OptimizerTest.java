package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.cotangent.DType;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.ShapeException;
import org.cotangent.optim.Adam;
import org.cotangent.optim.AdamW;
import org.cotangent.optim.LrSchedule;
import org.cotangent.optim.Optimizer;
import org.cotangent.optim.SGD;
import org.cotangent.optim.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class OptimizerTest {
  /** The problem of {@code training.py}. */
  private static final class Problem {
    private final Tensor a;
    final Tensor w;
    final Tensor b;

    Problem(DType t) {
      a = Tensor.of(new double[][] {{1, -0.5}, {0.3, 0.8}, {-1.1, 0.4}}).to(t);
      w = Tensor.of(new double[][] {{0.2, -0.4}, {0.7, 0.1}}).to(t).requiresGrad_();
      b = Tensor.of(0.5, -0.3).to(t).requiresGrad_();
    }

    List<Tensor> parameters() {
      return List.of(w, b);
    }

    Tensor loss(int i) {
      return a.matmul(w).add(b).tanh().sub(0.25 * i).square().sum().add(w.pow(3).sum().mul(0.1));
    }

    void run(Optimizer o, int from, int to) {
      for (int i = from; i < to; i++) {
        try (var _ = MemoryScope.open()) {
          o.step(loss(i));
        }
      }
    }

    Tensor result() {
      return Tensor.cat(0, w.detach().reshape(-1), b.detach());
    }
  }

  private static Arguments row(String name, Function<List<Tensor>, Optimizer> make) {
    return Arguments.of(name, make);
  }

  static Stream<Arguments> optimizers() {
    return Stream.of(
        row("sgd", p -> new SGD(p).learningRate(0.1)),
        row("sgd decay", p -> new SGD(p).learningRate(0.1).weightDecay(0.1)),
        row("sgd momentum", p -> new SGD(p).learningRate(0.1).momentum(0.9)),
        row("sgd dampening", p -> new SGD(p).learningRate(0.1).momentum(0.9).dampening(0.3).weightDecay(0.1)),
        row("sgd nesterov", p -> new SGD(p).learningRate(0.1).momentum(0.9).nesterov(true).weightDecay(0.1)),
        row("adam", p -> new Adam(p).learningRate(0.1)),
        row("adam decay amsgrad", p -> new Adam(p).learningRate(0.1).weightDecay(0.1).amsgrad(true).betas(0.5, 0.6).eps(1e-3)),
        row("adamw", p -> new AdamW(p).learningRate(0.1)),
        row("adamw amsgrad", p -> new AdamW(p).learningRate(0.1).weightDecay(0.3).amsgrad(true).betas(0.5, 0.6).eps(1e-3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void fiveStepsAreThoseOfPyTorch(String name, Function<List<Tensor>, Optimizer> make) {
    var p = new Problem(DType.FLOAT64);
    p.run(make.apply(p.parameters()), 0, 5);
    Reference.same(name, 0, p.result());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void aCheckpointGoesOnWhereItWas(String name, Function<List<Tensor>, Optimizer> make) {
    var p = new Problem(DType.FLOAT64);
    Optimizer before = make.apply(p.parameters());
    p.run(before, 0, 3);
    var state = before.stateDict();
    before.step(Tensor.cat(0, p.w.reshape(-1), p.b).sum().mul(0));
    var q = new Problem(DType.FLOAT64);
    q.run(make.apply(q.parameters()), 0, 3);
    Optimizer after = make.apply(q.parameters());
    after.loadState(state);
    assertThat(after.steps()).isEqualTo(3);
    q.run(after, 3, 5);
    Reference.same(name, 0, q.result());
  }

  @Test
  void singlePrecision() {
    var p = new Problem(DType.FLOAT32);
    p.run(new AdamW(p.parameters()).learningRate(0.1), 0, 5);
    Reference.same("adamw 32", 0, p.result(), 1e-6);
  }

  @Test
  void groupsHaveSettingsOfTheirOwn() {
    var p = new Problem(DType.FLOAT64);
    var o = new AdamW(List.of(p.w)).learningRate(0.1).weightDecay(0.5);
    o.group(List.of(p.b)).learningRate(0.01).weightDecay(0);
    p.run(o, 0, 5);
    Reference.same("groups", 0, p.result());
  }

  @Test
  void theThreePartsOfAStepByHand() {
    var p = new Problem(DType.FLOAT64);
    var o = new SGD(p.parameters()).learningRate(0.1);
    for (int i = 0; i < 5; i++) {
      o.zeroGrad();
      p.loss(i).backward();
      o.step();
    }
    Reference.same("sgd", 0, p.result());
    assertThat(o.steps()).isEqualTo(5);
    assertThat(p.w.requiresGrad() && p.w.isLeaf()).isTrue();
  }

  @Test
  void parametersWithoutGradientAreLeftOut() {
    Tensor a = Tensor.of(1f).requiresGrad_();
    Tensor b = Tensor.of(1f).requiresGrad_();
    Tensor frozen = Tensor.of(1f);
    var o = new Adam(List.of(a, b, frozen)).learningRate(0.5);
    o.step(a.sum());
    assertThat(a.item()).isCloseTo(0.5, Offset.offset(1e-6));
    assertThat(b.item()).isEqualTo(1);
    assertThat(o.stateDict().keySet()).containsExactly("steps", "0.step", "0.exp_avg", "0.exp_avg_sq");
    o.step(b.sum());
    assertThat(b.item()).isCloseTo(0.5, Offset.offset(1e-6));
  }

  @Test
  void aStepChangesAllOrNothing() {
    Tensor a = Tensor.of(1f).requiresGrad_();
    Tensor b = Tensor.of(1f).requiresGrad_();
    var o = new SGD(List.of(a, b)).learningRate(1).momentum(0.9).checkFinite(true);
    Tensor loss = a.sum().add(b.log().sum().mul(Double.POSITIVE_INFINITY));
    assertThatThrownBy(() -> o.step(loss))
        .isInstanceOf(GradientException.class)
        .hasMessage("step: the gradient of parameter 1 [1] has infinite or NaN elements; no parameter was changed");
    assertThat(a.toFloatArray()[0]).isEqualTo(1f);
    assertThat(o.steps()).isZero();
    assertThat(o.stateDict().keySet()).containsExactly("steps");
    var bad = new Optimizer(List.of(a, b), 1, 0, List.of()) {
      @Override
      protected Tensor rule(Update u) {
        return u.gradient().item() > 1 ? u.value().reshape(1, 1) : u.value().sub(1);
      }
    };
    assertThatThrownBy(() -> bad.step(a.sum().add(b.sum().mul(2))))
        .isInstanceOf(ShapeException.class)
        .hasMessage("step: a rule gave [1, 1] for parameter 1 [1]");
    assertThat(a.toFloatArray()[0]).isEqualTo(1f);
  }

  /** Parameter and state keep their type, and a rate that no half holds counts in full. */
  @Test
  void halfParametersAreSteppedInSinglePrecision() {
    for (DType t : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      Tensor x = Tensor.of(1f, -2f, 0.3f).to(t).requiresGrad_();
      Tensor y = x.detach().to(DType.FLOAT32).requiresGrad_();
      var half = new Adam(List.of(x)).learningRate(0.1);
      var single = new Adam(List.of(y)).learningRate(0.1);
      half.step(x.square().sum());
      single.step(y.square().sum());
      assertThat(x.dtype()).isEqualTo(t);
      assertThat(half.stateDict().get("0.exp_avg").dtype()).isEqualTo(t);
      assertThat(x.toArray()).isEqualTo(y.to(t).toArray());
    }
  }

  @Test
  void aRuleOfOnesOwn() {
    Tensor x = Tensor.of(3f, -2f).requiresGrad_();
    var signs = new Optimizer(List.of(x), 0.5, 0, List.of("last")) {
      @Override
      protected Tensor rule(Update u) {
        Tensor s = u.next("last", u.gradient().sign());
        return u.value().sub(s.mul(u.number(u.learningRate() * u.count())));
      }
    };
    signs.step(x.square().sum());
    signs.step(x.square().sum());
    assertThat(x.toFloatArray()).containsExactly(1.5f, -0.5f);
    assertThat(signs.stateDict().get("0.last").toFloatArray()).containsExactly(1f, -1f);
  }

  @Test
  void theLearningRateFollowsASchedule() {
    Tensor x = Tensor.of(0f).requiresGrad_();
    var o = new SGD(List.of(x)).learningRate(1).schedule(LrSchedule.stepLr(2, 0.5));
    assertThat(o.learningRate()).isEqualTo(1);
    for (int i = 0; i < 4; i++) {
      o.step(x.sum());
    }
    assertThat(x.toFloatArray()[0]).isEqualTo(-3f);
    assertThat(o.learningRate()).isEqualTo(0.25);
  }

  @Test
  void stateThatDoesNotFitIsRefused() {
    var p = new Problem(DType.FLOAT64);
    var o = new Adam(p.parameters());
    p.run(o, 0, 1);
    var state = o.stateDict();
    state.put("5.exp_avg", Tensor.zeros(1));
    state.remove("1.exp_avg");
    assertThatThrownBy(() -> o.loadState(state))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("loadState: names differ from the optimiser's: missing [1.exp_avg], unexpected [5.exp_avg]");
    state.remove("5.exp_avg");
    state.put("1.exp_avg", Tensor.zeros(3));
    assertThatThrownBy(() -> o.loadState(state))
        .isInstanceOf(ShapeException.class)
        .hasMessage("loadState: shapes of 1.exp_avg differ: [2] in the optimiser, [3] in the state");
    assertThat(o.steps()).isEqualTo(1);
  }

  @Test
  void misuseIsNamed() {
    Tensor x = Tensor.of(1f).requiresGrad_();
    assertThatThrownBy(() -> new SGD(List.of())).isInstanceOf(ArgumentException.class).hasMessage("optimizer: no parameters");
    assertThatThrownBy(() -> new SGD(List.of(x, x)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("optimizer: parameter 1 [1] is given twice");
    assertThatThrownBy(() -> new SGD(List.of(x.mul(2))))
        .isInstanceOf(GradientException.class)
        .hasMessage("optimizer: parameter 0 [1] is not a leaf; pass the tensors that requiresGrad_() was called on");
    var o = new AdamW(List.of(x));
    assertThatThrownBy(() -> new SGD(List.of(Tensor.zeros(6).reshape(2, 3).requiresGrad_())))
        .isInstanceOf(InPlaceException.class)
        .hasMessage("optimizer: this leaf is a view of another tensor; copy() it before requiresGrad_()");
    assertThatThrownBy(() -> o.learningRate(-1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("learningRate: is negative or not finite: -1.0");
    assertThatThrownBy(() -> o.learningRate(Double.NaN)).hasMessage("learningRate: is negative or not finite: NaN");
    assertThatThrownBy(() -> o.betas(0.9, 1)).isInstanceOf(ArgumentException.class).hasMessage("betas: is not at least 0 and below 1: 1.0");
  }

  @Test
  void nesterovNeedsMomentum() {
    Tensor x = Tensor.of(1f).requiresGrad_();
    var o = new SGD(List.of(x)).nesterov(true);
    Tensor loss = x.sum();
    assertThatThrownBy(() -> o.step(loss))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("SGD: Nesterov's momentum needs a momentum and no dampening: 0.0, 0.0");
    assertThat(x.toFloatArray()[0]).isEqualTo(1f);
  }

  @Test
  void stateOutlivesTheScopesOfSteps() {
    Tensor x = Tensor.randn(100).requiresGrad_();
    var o = new AdamW(List.of(x)).learningRate(0.1);
    for (int i = 0; i < 3; i++) {
      try (var _ = MemoryScope.open()) {
        o.step(x.square().sum());
      }
    }
    assertThat(o.stateDict().values()).allMatch(t -> t.isFinite().all().item() == 1);
    assertThat(x.isFinite().all().item()).isEqualTo(1);
  }

  @Test
  void stateThatWasHandedOutOutlivesTheStepsAfterIt() {
    Problem problem = new Problem(DType.FLOAT64);
    Adam adam = new Adam(problem.parameters());
    problem.run(adam, 0, 2);
    Tensor moment = adam.stateDict().get("0.exp_avg");
    double[] before = moment.toDoubleArray();
    problem.run(adam, 2, 6);
    assertThat(moment.toDoubleArray()).containsExactly(before);
    assertThat(adam.stateDict().get("0.exp_avg").toDoubleArray()).doesNotContain(before);
  }
}
