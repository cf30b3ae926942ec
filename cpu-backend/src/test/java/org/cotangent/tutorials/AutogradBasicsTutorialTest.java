package org.cotangent.tutorials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.jacfwd;
import static org.cotangent.Autograd.jacrev;
import static org.cotangent.Autograd.jvp;
import static org.cotangent.Autograd.vjp;

import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.errors.TransformException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tutorial on the basics of autograd (document 000): its cells share their variables, so they run in order here. */
@ExtendWith(LeakCheck.class)
class AutogradBasicsTutorialTest {
  private static final String DOC = "000";

  @Test
  void theProseFunctionHasTheJacobianAndProductsOfPyTorch() {
    Recorded r = Recorded.block(DOC, 0, "prose-jacobian");
    UnaryOperator<Tensor> f = x -> Tensor.stack(x.get(0).pow(2), x.get(0).mul(2).mul(x.get(1)));
    Tensor x = Tensor.of(2f, 3f);
    Tensor v = Tensor.of(0.5f, -1f);
    Tensor j = jacrev(f).apply(x);
    var push = jvp(f, x, v);
    var pull = vjp(f, x);
    r.print(j);
    r.print("(" + push.value() + ", " + push.tangent() + ")");
    r.print("(" + pull.value() + ", " + pull.apply(v) + ")");
    r.printsAsRecorded();
    r.hasExactly("x", x).hasExactly("v", v).hasExactly("J", j);
  }

  @Test
  void scalarCellsGiveTheRecordedValuesAndText() {
    Tensor x = Tensor.scalar(2f).requiresGrad_();
    Tensor y = Tensor.scalar(3f).requiresGrad_();
    Recorded.block(DOC, 2).hasExactly("x", x).hasExactly("y", y);

    Tensor f = x.pow(2).add(y.pow(3));
    Recorded.block(DOC, 3).hasExactly("x", x).hasExactly("y", y).hasExactly("f", f);
    Recorded.block(DOC, 4).shows(f);

    f.backward();
    Recorded.block(DOC, 5).hasExactly("x", x).hasExactly("y", y).hasExactly("f", f);
    Recorded.block(DOC, 6).shows(x.grad());
    Recorded.block(DOC, 7).shows(y.grad());
  }

  @Test
  void vectorCellsGiveTheRecordedValuesAndText() {
    Tensor a = Tensor.of(2f, 3f).requiresGrad_();
    Recorded.block(DOC, 8).hasExactly("a", a);

    Tensor y = a.pow(2);
    Recorded.block(DOC, 9).hasExactly("y", y).hasExactly("a", a);
    Recorded.block(DOC, 10).shows(y);

    y.backward(Tensor.of(1f, 1f));
    Recorded.block(DOC, 11).hasExactly("y", y).hasExactly("a", a);
    Recorded.block(DOC, 12).shows(a.grad());
  }

  @Test
  void aVectorReducedByADotProductGivesTheRecordedGradient() {
    Tensor x = Tensor.of(2f, 3f).requiresGrad_();
    Tensor y = Tensor.of(1f, 1f);
    Tensor f = Tensor.stack(x.get(0).pow(2), x.get(1).pow(2));
    Tensor loss = f.dot(y);
    loss.backward();
    Recorded r = Recorded.block(DOC, 13).hasExactly("x", x).hasExactly("y", y).hasExactly("f", f).hasExactly("loss", loss);
    r.print(x.grad());
    r.printsAsRecorded();
  }

  @Test
  void theSameInCellsShowsEachStepAsRecorded() {
    Tensor x = Tensor.of(2f, 3f).requiresGrad_();
    Tensor y = Tensor.of(1f, 1f);
    Recorded.block(DOC, 15).hasExactly("x", x).hasExactly("y", y);
    Tensor f = Tensor.stack(x.get(0).pow(2), x.get(1).pow(2));
    Recorded.block(DOC, 16).hasExactly("f", f);
    Recorded.block(DOC, 17).shows(f);
    Tensor loss = f.dot(y);
    Recorded.block(DOC, 18).hasExactly("loss", loss);
    Recorded.block(DOC, 19).shows(loss);
    loss.backward();
    Recorded.block(DOC, 20).hasExactly("x", x);
    Recorded.block(DOC, 21).shows(x.grad());
  }

  /** The document rebuilds its result from numbers, which cuts the graph: zeros, as PyTorch gives, when the cut is asked for. */
  @Test
  void aFunctionCutFromItsInputHasAJacobianOfZeros() {
    Recorded r = Recorded.block(DOC, 14);
    Tensor x = Tensor.of(2f, 3f);
    UnaryOperator<Tensor> f = v -> {
      Tensor d = v.detach();
      return Tensor.stack(d.get(0).pow(2), d.get(1).pow(2));
    };
    Tensor j = jacrev(f).apply(x);
    r.print(j);
    r.printsAsRecorded();
    r.hasExactly("J", j);
    assertThat(jacfwd(v -> Tensor.of(4f, 9f)).apply(x).toFloatArray()).containsOnly(0f);
  }

  /** PyTorch notices the cut only when strict; here reading the numbers inside a transform is refused always. */
  @Test
  void rebuildingTheResultFromNumbersInsideATransformIsRefused() {
    Recorded.block(DOC, 14, "strict").failed("RuntimeError", "must be computed in a differentiable manner");
    Tensor x = Tensor.of(2f, 3f);
    UnaryOperator<Tensor> f = v -> Tensor.of((float) v.get(0).pow(2).item(), (float) v.get(1).pow(2).item());
    assertThatThrownBy(() -> jacrev(f).apply(x))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("its derivative would be lost");
  }

  @Test
  void theCorrectedFunctionHasTheClaimedJacobian() {
    Recorded r = Recorded.block(DOC, 14, "fixed");
    Tensor x = Tensor.of(2f, 3f).requiresGrad_();
    Tensor j = jacrev(v -> Tensor.stack(v.get(0).pow(2), v.get(1).pow(2))).apply(x.detach());
    r.print(j);
    r.printsAsRecorded();
    r.hasExactly("x", x).hasExactly("J", j);
  }
}
