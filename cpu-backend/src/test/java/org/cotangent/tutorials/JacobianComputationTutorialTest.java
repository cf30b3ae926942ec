package org.cotangent.tutorials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.ALLOW_UNUSED;
import static org.cotangent.Autograd.CREATE_GRAPH;
import static org.cotangent.Autograd.grad;
import static org.cotangent.Autograd.jvp;
import static org.cotangent.Autograd.vjp;

import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tutorial on computing Jacobians (document 004). */
@ExtendWith(LeakCheck.class)
class JacobianComputationTutorialTest {
  private static final String DOC = "004";

  @Test
  void anUnusedInputHasNoGradientIfAllowedAndIsRefusedIfNot() {
    Recorded r = Recorded.block(DOC, 0, "unused-input");
    Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor z = Tensor.of(1f).requiresGrad_();
    var g = grad(List.of(x.pow(2).sum()), List.of(x, z), ALLOW_UNUSED);
    r.print("(" + g.get(0) + ", " + (g.has(1) ? g.get(1) : "None") + ")");
    r.printsAsRecordedBefore("Error: One of the differentiated Tensors appears to not have been used in the graph.");
    assertThatThrownBy(() -> grad(List.of(x.pow(2).sum()), List.of(x, z)))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("input 1 was not used in the graph")
        .hasMessageContaining("ALLOW_UNUSED");
    r.hasExactly("x", x).hasExactly("z", z);
  }

  @Test
  void partialsAndAHessianElementThatAreZeroAreZero() {
    Recorded r = Recorded.block(DOC, 1);
    Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor y = x.pow(2);
    Tensor g = grad(y.get(1), x, CREATE_GRAPH);
    r.print("∂y[1]/∂x[0] = " + g.get(0).item());
    Tensor h = grad(g.get(0), x, CREATE_GRAPH).get(0);
    r.print("Hessian Element (∂²y[1]/∂x[0]²) = " + h.item());
    r.printsAsRecorded();
    r.hasExactly("x", x).hasExactly("y", y);
    assertThat(g.toFloatArray()).containsExactly(0, 4, 0);
    assertThat(g.requiresGrad()).isTrue();
    assertThat(h.requiresGrad()).isTrue();
  }

  @Test
  void theNonZeroSecondDerivativeIsAsRecorded() {
    Recorded r = Recorded.block(DOC, 1, "more");
    Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor y = x.pow(2);
    Tensor g = grad(y.get(1), x, CREATE_GRAPH);
    Tensor h = grad(g.get(1), x, CREATE_GRAPH);
    r.print(g).print(h).printsAsRecorded();
    r.hasExactly("grad", g).hasExactly("h", h);
  }

  /** The document unpacks the pair as one value and fails; a record with named parts cannot be taken apart wrongly. */
  @Test
  void vjpGivesTheOutputAndTheProduct() {
    Recorded.block(DOC, 2).failed("ValueError", "too many values to unpack");
    Recorded r = Recorded.block(DOC, 2, "fixed");
    Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor v = Tensor.of(0.5f, 1f, 0.2f);
    Recorded.block(DOC, 2).has("y", x.sin()).has("v", v);
    var pull = vjp(Tensor::sin, x.detach());
    Tensor product = pull.apply(v);
    r.print("Vector-Jacobian product: " + product).print(pull.value()).printsAsRecorded();
    r.has("x", x).has("output", pull.value()).has("vjp_result", product);
  }

  @Test
  void jvpGivesTheOutputAndTheProduct() {
    Recorded.block(DOC, 3).failed("ValueError", "too many values to unpack");
    Recorded r = Recorded.block(DOC, 3, "fixed");
    Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor u = Tensor.of(0.1f, 0.2f, 0.3f);
    var push = jvp(Tensor::exp, x.detach(), u);
    r.print("Jacobian-vector product: " + push.tangent()).print(push.value()).printsAsRecorded();
    r.has("x", x).has("u", u).has("output", push.value()).has("jvp_result", push.tangent());
  }
}
