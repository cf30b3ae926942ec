package org.cotangent.tutorials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.CREATE_GRAPH;
import static org.cotangent.Autograd.grad;
import static org.cotangent.Autograd.jacrev;
import static org.cotangent.Autograd.noGrad;
import static org.cotangent.ops.Losses.crossEntropy;

import java.util.ArrayList;
import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.nn.Linear;
import org.cotangent.nn.ReLU;
import org.cotangent.nn.Sequential;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tutorial on vector-Jacobian products (document 001). */
@ExtendWith(LeakCheck.class)
class VectorJacobianProductsTutorialTest {
  private static final String DOC = "001";

  private static void scalarOutput(Recorded r, Tensor x) {
    x.requiresGrad_();
    Tensor loss = x.pow(2).sum();
    loss.backward();
    r.print("x.grad: " + x.grad());
    r.printsAsRecorded();
    r.has("x", x).has("loss", loss);
  }

  @Test
  void aScalarOutputNeedsNoCotangent() {
    Recorded r = Recorded.block(DOC, 1);
    scalarOutput(r, r.input("x"));
    scalarOutput(Recorded.block(DOC, 1, "typed"), Tensor.of(1.5f, -0.25f, 2f));
  }

  private static void vectorOutput(Recorded r, Tensor x) {
    x.requiresGrad_();
    Tensor y = x.sin();
    assertThatThrownBy(y::backward)
        .isInstanceOf(GradientException.class)
        .hasMessage("backward: [3] is not a scalar; pass a cotangent of that shape");
    Tensor v = Tensor.of(0.1f, 1f, 0.01f);
    y.backward(v);
    r.print("x.grad: " + x.grad());
    r.printsAsRecordedAfter("Error: grad can be implicitly created only for scalar outputs");
    r.has("x", x).has("y", y).has("v", v);
  }

  @Test
  void aVectorOutputIsRefusedWithoutACotangentAndTakesOneAfter() {
    Recorded r = Recorded.block(DOC, 2);
    vectorOutput(r, r.input("x"));
    vectorOutput(Recorded.block(DOC, 2, "typed"), Tensor.of(1.5f, -0.25f, 2f));
  }

  @Test
  void theGradientOfSineIsTheCotangentTimesCosine() {
    Recorded r = Recorded.block(DOC, 3);
    Tensor x = Tensor.of(0.5f, 1f, -0.5f).requiresGrad_();
    Tensor y = x.sin();
    Tensor v = Tensor.of(0.1f, 1f, 0.01f);
    y.backward(v);
    Tensor expected = v.mul(x.detach().cos());
    r.print("x.grad: " + x.grad());
    r.print("Expected: " + expected);
    r.print("Match: " + (x.grad().allClose(expected) ? "True" : "False"));
    r.printsAsRecorded();
    r.has("x", x).has("y", y).has("v", v).has("expected", expected);
  }

  @Test
  void theGradientOfAMatrixProductIsTheTransposeTimesTheCotangent() {
    Recorded r = Recorded.block(DOC, 4);
    Tensor a = Tensor.of(new float[][] {{2, 0, -1}, {0.5f, 3, 1}});
    Tensor x = Tensor.of(1f, -2f, 0.5f).requiresGrad_();
    Tensor y = a.matmul(x);
    Tensor v = Tensor.of(3f, -1f);
    y.backward(v);
    Tensor expected = a.t().matmul(v);
    r.print("x.grad: " + x.grad());
    r.print("A^T @ v: " + expected);
    r.print("Match: " + (x.grad().allClose(expected) ? "True" : "False"));
    r.printsAsRecorded();
    r.hasExactly("A", a).hasExactly("x", x).hasExactly("y", y).hasExactly("v", v).hasExactly("expected", expected);
  }

  @Test
  void theJacobianOfTwoFunctionsOfThreeNumbersIsAsRecorded() {
    Recorded r = Recorded.block(DOC, 5);
    Tensor x = Tensor.of(1f, 2f, 3f);
    Tensor j = jacrev(v -> Tensor.stack(v.get(0).mul(v.get(1)).add(v.get(2)), v.get(0).sin().add(v.get(1).pow(2)))).apply(x);
    r.print("Jacobian shape: torch.Size(" + j.shape() + ")");
    r.print("Jacobian:\n" + j);
    r.printsAsRecorded();
    r.has("x", x).has("J", j);
  }

  private static Tensor jacobianByRows(UnaryOperator<Tensor> f, Tensor x) {
    Tensor y = f.apply(x.detach().requiresGrad_());
    int m = (int) y.size();
    Tensor j = Tensor.zeros(m, (int) x.size());
    for (int i = 0; i < m; i++) {
      Tensor copy = x.detach().requiresGrad_();
      Tensor yCopy = f.apply(copy);
      Tensor v = Tensor.zeros(m);
      v.set(i, 1.0);
      yCopy.backward(v);
      j.set(i, copy.grad());
    }
    return j;
  }

  @Test
  void aJacobianFilledRowByRowIsAsRecorded() {
    Recorded r = Recorded.block(DOC, 6);
    Tensor x = Tensor.of(2f, 3f);
    UnaryOperator<Tensor> f = v -> Tensor.stack(v.get(0).pow(2), v.get(0).mul(v.get(1)), v.get(1).pow(2));
    Tensor j = jacobianByRows(f, x);
    r.print("Jacobian:\n" + j);
    r.printsAsRecorded();
    r.hasExactly("x", x).hasExactly("J", j);
  }

  @Test
  void aBatchOfProductsWithASharedMatrixIsAsRecorded() {
    Recorded r = Recorded.block(DOC, 7);
    Tensor a = r.input("A");
    Tensor x = r.input("x_batch").requiresGrad_();
    Tensor y = x.matmul(a.t());
    Tensor v = r.input("v_batch");
    y.backward(v);
    Tensor expected = v.matmul(a);
    r.print("x_batch.grad:\n" + x.grad());
    r.print("Expected:\n" + expected);
    r.printsAsRecorded();
    r.has("A", a).has("x_batch", x).has("y_batch", y).has("v_batch", v).has("expected", expected);
  }

  @Test
  void aBatchOfTypedProductsIsExact() {
    Recorded r = Recorded.block(DOC, 7, "typed");
    Tensor a = Tensor.of(new float[][] {{1, -2, 0.5f}, {0.25f, 3, -1}});
    Tensor x = Tensor.of(new float[][] {{1, 2, 3}, {-1, 0.5f, 4}}).requiresGrad_();
    Tensor y = x.matmul(a.t());
    Tensor v = Tensor.of(new float[][] {{0.5f, -1}, {2, 0.25f}});
    y.backward(v);
    Tensor expected = v.matmul(a);
    r.print("y_batch:\n" + y);
    r.print("x_batch.grad:\n" + x.grad());
    r.print("Expected:\n" + expected);
    r.printsAsRecorded();
    r.hasExactly("A", a).hasExactly("x_batch", x).hasExactly("y_batch", y).hasExactly("v_batch", v).hasExactly("expected", expected);
  }

  /** The document prints a shape only; its inputs and weights are drawn, so only that is compared. */
  @Test
  void aForwardHookCapturesTheHiddenLayer() {
    Recorded r = Recorded.block(DOC, 8);
    var model = Sequential.of(new Linear(10, 64), new ReLU(), new Linear(64, 10));
    var activations = new ArrayList<Tensor>();
    model.get(1).forwardHook((layer, in, out) -> {
      activations.add(out);
      return out;
    });
    Tensor loss = crossEntropy(model.apply(Tensor.randn(32, 10)), Tensor.randint(0, 10, 32));
    loss.backward();
    assertThat(loss.gradFn()).contains("NllLossBackward0");
    assertThat(model.parameters()).hasSize(4).allMatch(Tensor::hasGrad);
    r.print("Hidden activation shape: torch.Size(" + activations.get(0).shape() + ")");
    r.printsAsRecorded();
    assertThat(activations.get(0).hasGrad()).isFalse();
  }

  @Test
  void aNetworkWithTypedWeightsHasTheRecordedGradientsEverywhere() {
    Recorded r = Recorded.block(DOC, 8, "reduced");
    var first = new Linear(3, 4);
    var second = new Linear(4, 2);
    var model = Sequential.of(first, new ReLU(), second);
    noGrad(() -> {
      first.weight().copy_(r.input("W1"));
      first.bias().copy_(r.input("b1"));
      second.weight().copy_(r.input("W2"));
      second.bias().copy_(r.input("b2"));
    });
    var activations = new ArrayList<Tensor>();
    model.get(1).forwardHook((layer, in, out) -> {
      activations.add(out.retainGrad());
      return out;
    });
    Tensor logits = model.apply(r.input("x"));
    Tensor loss = crossEntropy(logits, Tensor.of(0L, 1L));
    loss.backward();
    Tensor hidden = activations.get(0);
    r.print("Hidden activation shape: torch.Size(" + hidden.shape() + ")");
    r.print(logits).print(loss).print(hidden).print(hidden.grad());
    model.parameters().forEach(p -> r.print(p.grad()));
    r.printsAsRecorded();
    r.has("logits", logits).has("loss", loss).has("hidden", hidden).has("hidden_grad", hidden.grad());
    r.has("g_W1", first.weight().grad()).has("g_b1", first.bias().grad());
    r.has("g_W2", second.weight().grad()).has("g_b2", second.bias().grad());
  }

  /** The penalty of the document; alpha is drawn there and passed in here. */
  private static Tensor gradientPenalty(UnaryOperator<Tensor> critic, Tensor real, Tensor fake, Tensor alpha) {
    int batch = real.size(0);
    Tensor a = alpha.reshape(batch, 1, 1, 1);
    Tensor mixed = a.mul(real).add(a.rsub(1).mul(fake)).requiresGrad_();
    Tensor out = critic.apply(mixed);
    Tensor g = grad(out, mixed, Tensor.onesLike(out), CREATE_GRAPH);
    return g.view(batch, -1).norm(2, 1).sub(1).pow(2).mean();
  }

  @Test
  void theGradientPenaltyAndItsGradientsAreAsRecorded() {
    Recorded r = Recorded.block(DOC, 9, "driver");
    Tensor w = Tensor.of(new float[][] {{0.5f, -1, 0.25f, 2}, {1, 0.3f, -0.7f, 0.1f}}).requiresGrad_();
    Tensor w2 = Tensor.of(1.5f, -0.5f).requiresGrad_();
    UnaryOperator<Tensor> critic = t -> t.reshape(t.size(0), -1).matmul(w.t()).tanh().matmul(w2);
    Tensor real = r.input("real");
    Tensor fake = r.input("fake");
    Tensor penalty = gradientPenalty(critic, real, fake, Tensor.of(0.25f, 0.75f));
    penalty.backward();
    r.print(penalty).print(w.grad()).print(w2.grad());
    r.printsAsRecorded();
    r.has("W", w).has("w2", w2).has("penalty", penalty);
    assertThat(real.requiresGrad()).isFalse();
  }
}
