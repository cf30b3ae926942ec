package org.cotangent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.noGrad;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Device;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.FreedException;
import org.cotangent.spi.Backends;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class MemoryScopeTest {
  private static Tensor numbers() {
    return Tensor.of(1f, 2f, 3f);
  }

  @Test
  void whatIsBornInsideIsFreedAtTheEnd() {
    var inside = new ArrayList<Tensor>();
    MemoryScope scope = MemoryScope.open();
    inside.add(numbers());
    inside.add(numbers().mul(2).synchronize());
    assertThat(scope.live()).isGreaterThanOrEqualTo(2);
    long before = Backends.of(Device.CPU).memoryStats().liveBytes();
    scope.close();
    assertThat(scope.live()).isZero();
    assertThat(Backends.of(Device.CPU).memoryStats().liveBytes()).isLessThan(before);
    for (Tensor t : inside) {
      assertThatThrownBy(t::toFloatArray).isInstanceOf(FreedException.class).hasMessageContaining("freed");
    }
  }

  @Test
  void shapesOfFreedTensorsCanStillBeAsked() {
    Tensor x;
    try (var _ = MemoryScope.open()) {
      x = numbers();
    }
    assertThat(x.shape().dims()).containsExactly(3);
    assertThatThrownBy(() -> x.add(1).toFloatArray()).isInstanceOf(FreedException.class);
    assertThatThrownBy(() -> x.matmul(x).item()).isInstanceOf(FreedException.class);
  }

  @Test
  void whatIsKeptOutlivesTheScope() {
    Tensor kept;
    Tensor view;
    try (var scope = MemoryScope.open()) {
      kept = scope.keep(numbers().mul(2));
      view = scope.keep(numbers().reshape(3, 1));
    }
    assertThat(kept.toFloatArray()).containsExactly(2, 4, 6);
    assertThat(view.toFloatArray()).containsExactly(1, 2, 3);
  }

  @Test
  void aKeptPendingValueIsComputedBeforeItsInputsAreFreed() {
    Tensor kept;
    try (var scope = MemoryScope.open()) {
      Tensor x = numbers();
      kept = scope.keep(x.add(1).exp().mul(0).add(x));
    }
    assertThat(kept.toFloatArray()).containsExactly(1, 2, 3);
  }

  @Test
  void aTensorFromOutsideStays() {
    Tensor x = numbers();
    Tensor pending = x.mul(3);
    try (var _ = MemoryScope.open()) {
      assertThat(x.add(1).toFloatArray()).containsExactly(2, 3, 4);
    }
    assertThat(x.toFloatArray()).containsExactly(1, 2, 3);
    assertThat(pending.toFloatArray()).containsExactly(3, 6, 9);
  }

  /** The value was born outside, so reading it inside must not make its storage part of the scope. */
  @Test
  void aPendingTensorFromOutsideThatIsReadInsideStays() {
    Tensor x = numbers();
    Tensor pending = x.mul(3);
    try (var _ = MemoryScope.open()) {
      assertThat(pending.toFloatArray()).containsExactly(3, 6, 9);
    }
    assertThat(pending.toFloatArray()).containsExactly(3, 6, 9);
    assertThat(pending.add(1).toFloatArray()).containsExactly(4, 7, 10);
  }

  /** Constants have no storage until a kernel needs it; that may happen in any scope. */
  @Test
  void aConstantFromOutsideThatIsReadInsideStays() {
    Tensor ones = Tensor.ones(2, 2);
    try (var _ = MemoryScope.open()) {
      assertThat(ones.matmul(Tensor.eye(2)).toFloatArray()).containsExactly(1, 1, 1, 1);
    }
    assertThat(ones.matmul(Tensor.eye(2)).toFloatArray()).containsExactly(1, 1, 1, 1);
    assertThat(ones.toFloatArray()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void gradientsOfLeavesFromOutsideEscape() {
    Tensor w = numbers().requiresGrad_();
    for (int i = 1; i <= 3; i++) {
      try (var _ = MemoryScope.open()) {
        w.square().sum().backward();
      }
      assertThat(w.grad().toFloatArray()).containsExactly(2 * i, 4 * i, 6 * i);
    }
  }

  @Test
  void gradientsOfLeavesFromInsideDoNot() {
    Tensor g;
    try (var _ = MemoryScope.open()) {
      Tensor w = numbers().requiresGrad_();
      w.square().sum().backward();
      g = w.grad();
    }
    assertThatThrownBy(g::toFloatArray).isInstanceOf(FreedException.class);
  }

  @Test
  void aRetainedGradientOfAnIntermediateFromOutsideEscapes() {
    Tensor w = numbers().requiresGrad_();
    Tensor y = w.mul(2).retainGrad();
    try (var _ = MemoryScope.open()) {
      y.square().sum().backward();
    }
    assertThat(y.grad().toFloatArray()).containsExactly(4, 8, 12);
    assertThat(w.grad().toFloatArray()).containsExactly(8, 16, 24);
  }

  @Test
  void inPlaceWritesToTensorsFromOutsideEscape() {
    Tensor x = numbers();
    Tensor rows = Tensor.zeros(2, 3);
    try (var _ = MemoryScope.open()) {
      x.add_(numbers());
      rows.set(1, x.mul(10));
      rows.get(0).copy_(numbers());
    }
    assertThat(x.toFloatArray()).containsExactly(2, 4, 6);
    assertThat(rows.toFloatArray()).containsExactly(1, 2, 3, 20, 40, 60);
  }

  @Test
  void aTrainingLoopLeavesParametersAndLastLossOnly() {
    Tensor w = numbers().requiresGrad_();
    Tensor last = Tensor.scalar(0f);
    try (var outer = MemoryScope.open()) {
      for (int i = 0; i < 20; i++) {
        try (var scope = MemoryScope.open()) {
          w.zeroGrad();
          Tensor loss = w.square().sum();
          loss.backward();
          noGrad(() -> w.sub_(w.grad().mul(0.1)));
          last.copy_(loss.detach());
          assertThat(scope.live()).isPositive();
        }
      }
      assertThat(outer.live()).as("only what w, its gradient and last were bound to").isLessThanOrEqualTo(60);
    }
    assertThat(w.toFloatArray()[0]).isCloseTo((float) Math.pow(0.8, 20), org.assertj.core.api.Assertions.within(1e-6f));
    assertThat(last.item()).isGreaterThan(0);
    assertThat(w.grad().toFloatArray()).hasSize(3);
  }

  @Test
  void aNestedScopeFreesItsOwnOnly() {
    try (var outer = MemoryScope.open()) {
      Tensor a = numbers();
      Tensor kept;
      Tensor gone;
      try (var inner = MemoryScope.open()) {
        gone = numbers();
        kept = inner.keep(numbers().mul(2));
      }
      assertThatThrownBy(gone::toFloatArray).isInstanceOf(FreedException.class);
      assertThat(a.toFloatArray()).containsExactly(1, 2, 3);
      assertThat(kept.toFloatArray()).containsExactly(2, 4, 6);
      assertThat(outer.live()).isPositive();
    }
  }

  @Test
  void whatAnInnerScopeKeptBelongsToTheOuterOne() {
    Tensor kept;
    try (var _ = MemoryScope.open()) {
      try (var inner = MemoryScope.open()) {
        kept = inner.keep(numbers());
      }
      assertThat(kept.toFloatArray()).containsExactly(1, 2, 3);
    }
    assertThatThrownBy(kept::toFloatArray).isInstanceOf(FreedException.class);
  }

  @Test
  void whatTheOuterScopeKeepsSurvivesBoth() {
    Tensor kept;
    try (var outer = MemoryScope.open()) {
      try (var inner = MemoryScope.open()) {
        kept = outer.keep(inner.keep(numbers()));
      }
    }
    assertThat(kept.toFloatArray()).containsExactly(1, 2, 3);
  }

  @Test
  void closingTwiceDoesNothing() {
    MemoryScope scope = MemoryScope.open();
    scope.close();
    scope.close();
  }

  @Test
  void closingOutOfOrderIsRefusedAndFreesNothing() {
    MemoryScope outer = MemoryScope.open();
    Tensor x = numbers();
    MemoryScope inner = MemoryScope.open();
    assertThatThrownBy(outer::close).isInstanceOf(FreedException.class).hasMessageContaining("out of order");
    assertThat(x.toFloatArray()).containsExactly(1, 2, 3);
    inner.close();
    outer.close();
    assertThatThrownBy(x::toFloatArray).isInstanceOf(FreedException.class);
  }

  @Test
  void closingOnAnotherThreadIsRefused() throws InterruptedException {
    var failures = new ArrayList<RuntimeException>();
    try (var scope = MemoryScope.open()) {
      Runnable close = scope::close;
      Thread t = new Thread(() -> {
        try {
          close.run();
        } catch (FreedException e) {
          failures.add(e);
        }
      });
      t.start();
      t.join();
    }
    assertThat(failures).hasSize(1);
  }

  @Test
  void aGraphOfFreedTensorsIsRefusedInBackward() {
    Tensor w = numbers().requiresGrad_();
    List<Tensor> y = new ArrayList<>();
    try (var scope = MemoryScope.open()) {
      Tensor x = numbers();
      y.add(scope.keep(w.mul(x).exp().sum()));
    }
    assertThatThrownBy(() -> y.get(0).backward()).isInstanceOf(FreedException.class);
    assertThat(w.hasGrad()).isFalse();
  }

  @Test
  void anotherThreadHasItsOwnScopes() throws InterruptedException {
    var made = new ArrayList<Tensor>();
    try (var scope = MemoryScope.open()) {
      int before = scope.live();
      Thread t = new Thread(() -> made.add(numbers()));
      t.start();
      t.join();
      assertThat(scope.live()).isEqualTo(before);
    }
    assertThat(made.get(0).toFloatArray()).containsExactly(1, 2, 3);
  }
}
