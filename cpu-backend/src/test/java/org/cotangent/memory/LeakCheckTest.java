package org.cotangent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.FreedException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;

/** The check itself can fail. */
class LeakCheckTest {
  private static final Tensor GLOBAL = Tensor.zeros(2);

  private static void run(Invocation<Void> test) throws Throwable {
    var context = (ExtensionContext) Proxy.newProxyInstance(
        LeakCheckTest.class.getClassLoader(), new Class<?>[] {ExtensionContext.class},
        (p, m, a) -> m.getReturnType() == String.class ? "a test" : null);
    new LeakCheck().interceptTestMethod(test, null, context);
  }

  @Test
  void aTestThatLeavesNothingPasses() {
    assertThatCode(() -> run(() -> {
      Tensor x = Tensor.of(1f, 2f).requiresGrad_();
      x.square().sum().backward();
      return null;
    })).doesNotThrowAnyException();
  }

  @Test
  void storageThatEscapesToALongLivedTensorIsReported() {
    assertThatThrownBy(() -> run(() -> {
      GLOBAL.add_(Tensor.of(1f, 2f));
      return null;
    })).isInstanceOf(AssertionError.class).hasMessageContaining("a test: 1 buffers outlive");
  }

  @Test
  void aScopeThatIsNotClosedIsReported() {
    var left = new MemoryScope[1];
    assertThatThrownBy(() -> run(() -> {
      left[0] = MemoryScope.open();
      return null;
    })).isInstanceOf(FreedException.class).hasMessageContaining("out of order");
    left[0].close();
  }

  @Test
  void aFailingTestKeepsItsOwnError() {
    assertThatThrownBy(() -> run(() -> {
      GLOBAL.add_(Tensor.of(1f, 2f));
      throw new IllegalStateException("own");
    })).isInstanceOf(IllegalStateException.class).hasMessage("own");
    assertThat(GLOBAL.size()).isEqualTo(2);
  }
}
