package org.cotangent.tutorials;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tutorial on backward of an output that is no scalar (document 002). */
@ExtendWith(LeakCheck.class)
class NonScalarBackwardTutorialTest {
  private static final String DOC = "002";

  @Test
  void backwardOfAVectorIsRefused() {
    Recorded r = Recorded.block(DOC, 1);
    Tensor x = Tensor.of(2f, 3f).requiresGrad_();
    Tensor y = x.mul(x);
    r.failed("RuntimeError", "grad can be implicitly created only for scalar outputs");
    assertThatThrownBy(y::backward).isInstanceOf(GradientException.class).hasMessageContaining("[2] is not a scalar; pass a cotangent");
    r.hasExactly("x", x).hasExactly("y", y);
  }

  @Test
  void aCotangentOfOnesSumsTheComponents() {
    Recorded r = Recorded.block(DOC, 2);
    Tensor x = Tensor.of(2f, 3f).requiresGrad_();
    Tensor y = x.mul(x);
    Tensor v = Tensor.of(1f, 1f);
    y.backward(v);
    r.print(x.grad());
    r.printsAsRecorded();
    r.hasExactly("x", x).hasExactly("y", y).hasExactly("v", v);
  }

  @Test
  void aCotangentWeighsTheComponents() {
    Recorded r = Recorded.block(DOC, 2, "v");
    Tensor x = Tensor.of(2f, 3f).requiresGrad_();
    Tensor y = x.mul(x);
    y.backward(Tensor.of(0.1f, 10f));
    r.print(x.grad());
    r.printsAsRecorded();
    r.has("x", x).hasExactly("y", y);
  }
}
