package org.cotangent.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.enableGrad;
import static org.cotangent.Autograd.grad;
import static org.cotangent.Autograd.inferenceMode;
import static org.cotangent.Autograd.isGradEnabled;
import static org.cotangent.Autograd.jvp;
import static org.cotangent.Autograd.noGrad;
import static org.cotangent.Autograd.vmap;

import java.util.ArrayList;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.TransformException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class GradientModesTest {
  @Test
  void nothingIsRecordedInsideNoGrad() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = noGrad(() -> {
      assertThat(isGradEnabled()).isFalse();
      return x.mul(2);
    });
    assertThat(isGradEnabled()).isTrue();
    assertThat(y.requiresGrad()).isFalse();
    assertThat(x.requiresGrad()).isTrue();
    assertThat(x.mul(y).requiresGrad()).isTrue();
  }

  @Test
  void noGradEndsWithAnException() {
    assertThatThrownBy(() -> noGrad(() -> {
      throw new IllegalStateException("inside");
    })).hasMessage("inside");
    assertThat(isGradEnabled()).isTrue();
  }

  @Test
  void aLeafMadeInsideNoGradWorksOutside() {
    Tensor x = noGrad(() -> Tensor.of(3f).requiresGrad_());
    assertThat(x.requiresGrad()).isTrue();
    x.square().sum().backward();
    assertThat(x.grad().item()).isEqualTo(6);
  }

  @Test
  void enableGradRecordsInsideNoGrad() {
    Tensor x = Tensor.of(3f).requiresGrad_();
    Tensor y = noGrad(() -> enableGrad(() -> x.square()));
    assertThat(y.requiresGrad()).isTrue();
    y.sum().backward();
    assertThat(x.grad().item()).isEqualTo(6);
  }

  @Test
  void noGradInsideADifferentiatedFunctionStopsIt() {
    Tensor g = grad(v -> v.mul(noGrad(() -> v.square())).sum()).apply(Tensor.of(3f));
    assertThat(g.item()).isEqualTo(9);
  }

  @Test
  void noGradAroundADifferentiatedFunctionDoesNotStopIt() {
    Tensor g = noGrad(() -> grad(v -> v.pow(3).sum()).apply(Tensor.of(3f)));
    assertThat(g.item()).isEqualTo(27);
  }

  @Test
  void noGradBetweenTwoDerivativesStopsTheOuterOneOnly() {
    Tensor g = grad(v -> {
      Tensor inner = noGrad(() -> grad(u -> u.pow(3).sum()).apply(v));
      assertThat(inner.detach().requiresGrad()).isFalse();
      return inner.mul(v).sum();
    }).apply(Tensor.of(2f));
    assertThat(g.item()).isEqualTo(12);
  }

  @Test
  void noGradStopsTheTapeInsideAMappedFunction() {
    Tensor w = Tensor.of(2f, 5f).requiresGrad_();
    Tensor y = noGrad(() -> vmap(v -> v.mul(w)).apply(Tensor.ones(3, 2)));
    assertThat(y.requiresGrad()).isFalse();
    Tensor z = vmap(v -> v.mul(w)).apply(Tensor.ones(3, 2));
    assertThat(z.requiresGrad()).isTrue();
    z.sum().backward();
    assertThat(w.grad().toFloatArray()).containsExactly(3, 3);
  }

  @Test
  void inferenceModeRecordsNothingAtAll() {
    Tensor x = Tensor.of(3f).requiresGrad_();
    inferenceMode(() -> {
      assertThat(isGradEnabled()).isFalse();
      assertThat(x.square().requiresGrad()).isFalse();
      assertThatThrownBy(() -> Tensor.of(1f).requiresGrad_()).isInstanceOf(GradientException.class).hasMessageContaining("inferenceMode");
    });
  }

  @Test
  void anEscapedValueOfGradIsRefused() {
    var kept = new ArrayList<Tensor>();
    grad(v -> {
      kept.add(v.mul(2));
      return v.square().sum();
    }).apply(Tensor.of(3f));
    assertThatThrownBy(() -> kept.get(0).add(1))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("escaped")
        .hasMessageContaining("grad");
  }

  @Test
  void anEscapedValueOfVmapIsRefused() {
    var kept = new ArrayList<Tensor>();
    vmap(v -> {
      kept.add(v);
      return v;
    }).apply(Tensor.ones(2, 3));
    assertThatThrownBy(() -> kept.get(0).add(1))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("escaped")
        .hasMessageContaining("vmap");
    assertThatThrownBy(() -> vmap(v -> v.add(kept.get(0))).apply(Tensor.ones(2, 3)))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("escaped");
  }

  @Test
  void anEscapedValueOfJvpIsRefused() {
    var kept = new ArrayList<Tensor>();
    jvp(v -> {
      kept.add(v.exp());
      return v;
    }, Tensor.ones(2), Tensor.ones(2));
    assertThatThrownBy(() -> kept.get(0).mul(2)).isInstanceOf(TransformException.class).hasMessageContaining("escaped");
  }

  @Test
  void theNumbersInsideATransformCannotBeRead() {
    assertThatThrownBy(() -> vmap(v -> v.mul(v.sum().item())).apply(Tensor.ones(2, 3)))
        .isInstanceOf(TransformException.class)
        .hasMessageStartingWith("item: ")
        .hasMessageContaining("vmap");
    assertThatThrownBy(() -> grad(v -> v.mul(v.sum().item()).sum()).apply(Tensor.ones(3)))
        .isInstanceOf(TransformException.class)
        .hasMessageStartingWith("item: ")
        .hasMessageContaining("grad");
    assertThatThrownBy(() -> grad(v -> {
      v.toArray();
      return v.sum();
    }).apply(Tensor.ones(3))).isInstanceOf(TransformException.class).hasMessageStartingWith("toArray: ");
    assertThatThrownBy(() -> jvp(v -> v.mul(v.get(0).item()), Tensor.ones(2), Tensor.ones(2))).isInstanceOf(TransformException.class);
  }

  @Test
  void theNumbersOfADetachedValueInsideGradCanBeRead() {
    Tensor g = grad(v -> v.mul(v.detach().sum().item()).sum()).apply(Tensor.of(1f, 2f));
    assertThat(g.toFloatArray()).containsExactly(3, 3);
  }

  @Test
  void theNumbersOfATensorOnTheTapeCanBeRead() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    assertThat(x.mul(2).sum().item()).isEqualTo(6);
  }

  @Test
  void aValueFromAnotherThreadsTransformIsRefused() throws InterruptedException {
    var failure = new Throwable[1];
    Tensor g = grad(v -> {
      Thread t = new Thread(() -> {
        try {
          v.mul(2);
        } catch (TransformException e) {
          failure[0] = e;
        }
      });
      t.start();
      try {
        t.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return v.sum();
    }).apply(Tensor.ones(2));
    assertThat(g.toFloatArray()).containsExactly(1, 1);
    assertThat(failure[0]).isInstanceOf(TransformException.class).hasMessageContaining("another thread");
  }
}
