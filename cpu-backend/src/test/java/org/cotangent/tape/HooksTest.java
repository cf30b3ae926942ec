package org.cotangent.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.BATCHED;
import static org.cotangent.Autograd.RETAIN_GRAPH;
import static org.cotangent.Autograd.grad;

import java.util.ArrayList;
import org.cotangent.Removable;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class HooksTest {
  @Test
  void aHookReplacesTheGradientOfAnIntermediate() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.mul(3);
    y.registerHook(g -> g.mul(10));
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(30, 30);
  }

  @Test
  void aHookReplacesTheGradientOfALeaf() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    x.registerHook(g -> g.clamp(-1, 1));
    x.mul(3).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 1);
  }

  @Test
  void aHookSeesTheCompleteGradientOnceAPass() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    var seen = new ArrayList<float[]>();
    Tensor y = x.mul(1);
    y.observeGrad(g -> seen.add(g.toFloatArray()));
    y.mul(2).add(y.mul(5)).sum().backward();
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)).containsExactly(7, 7);
  }

  @Test
  void hooksRunInTheOrderOfRegistration() {
    Tensor x = Tensor.of(1f).requiresGrad_();
    x.registerHook(g -> g.add(1));
    x.registerHook(g -> g.mul(10));
    x.mul(2).sum().backward();
    assertThat(x.grad().item()).isEqualTo(30);
  }

  @Test
  void aRemovedHookDoesNotRun() {
    Tensor x = Tensor.of(1f).requiresGrad_();
    Removable h = x.registerHook(g -> g.mul(10));
    Tensor y = x.mul(2).sum();
    y.backward(RETAIN_GRAPH);
    h.remove();
    y.backward();
    assertThat(x.grad().item()).isEqualTo(22);
    h.remove();
  }

  @Test
  void aHookThatReturnsAnotherShapeIsRefusedAndNoGradientChanges() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor w = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.mul(2);
    Removable h = y.registerHook(Tensor::sum);
    Tensor loss = y.add(w).sum();
    assertThatThrownBy(() -> loss.backward(RETAIN_GRAPH))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("hook of mul")
        .hasMessageContaining("[2]");
    assertThat(x.hasGrad()).isFalse();
    assertThat(w.hasGrad()).isFalse();
    h.remove();
  }

  @Test
  void aHookOnATensorWithoutGradIsRefused() {
    assertThatThrownBy(() -> Tensor.of(1f).registerHook(g -> g))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("does not require grad");
  }

  @Test
  void hooksRunInGradOfTensorsToo() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.mul(3);
    y.registerHook(g -> g.mul(2));
    assertThat(grad(y.sum(), x).toFloatArray()).containsExactly(6, 6);
  }

  @Test
  void aHookUnderBatchedCotangentsActsOnEachRow() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.mul(3);
    y.registerHook(g -> g.div(g.abs().sum()));
    Tensor rows = grad(y, x, Tensor.of(new float[][] {{1, 1}, {0, 5}}), BATCHED);
    assertThat(rows.toFloatArray()).containsExactly(1.5f, 1.5f, 0, 3);
  }

  @Test
  void aPostAccumulateHookRunsAfterEachPassWithTheSum() {
    Tensor x = Tensor.of(1f).requiresGrad_();
    var seen = new ArrayList<Double>();
    Removable h = x.registerPostAccumulateHook(t -> seen.add(t.grad().item()));
    x.mul(2).sum().backward();
    x.mul(3).sum().backward();
    h.remove();
    x.mul(4).sum().backward();
    assertThat(seen).containsExactly(2.0, 5.0);
    assertThat(x.grad().item()).isEqualTo(9);
  }

  @Test
  void aPostAccumulateHookMayStepAndClear() {
    Tensor x = Tensor.of(1f).requiresGrad_();
    x.registerPostAccumulateHook(t -> {
      org.cotangent.Autograd.noGrad(() -> {
        t.sub_(t.grad().mul(0.5));
      });
      t.zeroGrad();
    });
    x.square().sum().backward();
    assertThat(x.item()).isEqualTo(0);
    assertThat(x.hasGrad()).isFalse();
  }

  @Test
  void aPostAccumulateHookOnANonLeafIsRefused() {
    Tensor y = Tensor.of(1f).requiresGrad_().mul(2);
    assertThatThrownBy(() -> y.registerPostAccumulateHook(t -> {})).isInstanceOf(GradientException.class).hasMessageContaining("leaf");
  }
}
