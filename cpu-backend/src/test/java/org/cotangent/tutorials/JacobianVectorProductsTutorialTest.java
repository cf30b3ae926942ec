package org.cotangent.tutorials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.RETAIN_GRAPH;
import static org.cotangent.ops.Losses.binaryCrossEntropyWithLogits;

import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tutorial that calls backward(v) a Jacobian-vector product (document 003); its cells share their variables. */
@ExtendWith(LeakCheck.class)
class JacobianVectorProductsTutorialTest {
  private static final String DOC = "003";

  @Test
  void accumulationCellsGiveTheRecordedValuesAndText() {
    Tensor inp = Tensor.eye(4, 5).requiresGrad_();
    Recorded r = Recorded.block(DOC, 1).hasExactly("inp", inp);
    r.print(inp).printsAsRecorded();

    Tensor out = inp.add(1).pow(2).t();
    r = Recorded.block(DOC, 2).hasExactly("inp", inp).hasExactly("out", out);
    r.print(out).printsAsRecorded();

    out.backward(Tensor.onesLike(out), RETAIN_GRAPH);
    Recorded.block(DOC, 3).hasExactly("inp", inp).hasExactly("out", out);
    Recorded.block(DOC, 4).shows(inp.grad());
    Recorded.block(DOC, 5).print("First call\n" + inp.grad()).printsAsRecorded();

    out.backward(Tensor.onesLike(out), RETAIN_GRAPH);
    r = Recorded.block(DOC, 6).hasExactly("inp", inp).hasExactly("out", out);
    r.print("\nSecond call\n" + inp.grad()).printsAsRecorded();

    Recorded.block(DOC, 7).shows(inp.grad().zero_());
    Recorded.block(DOC, 7).hasExactly("inp", inp);
  }

  @Test
  void aSecondBackwardOfAFreedGraphIsRefused() {
    Recorded r = Recorded.block(DOC, 3, "v");
    Tensor inp = Tensor.eye(4, 5).requiresGrad_();
    Tensor out = inp.add(1).pow(2).t();
    Tensor v = Tensor.arange(0.0, 20.0, 1.0).reshape(5, 4);
    out.backward(v);
    r.print(inp.grad()).printsAsRecordedBefore("Error: Trying to backward through the graph a second time");
    assertThatThrownBy(() -> out.backward(v))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("was freed")
        .hasMessageContaining("RETAIN_GRAPH");
    r.hasExactly("inp", inp).hasExactly("out", out).hasExactly("v", v);
  }

  /** The document passes logit and target in the wrong order by mistake. */
  @Test
  void anInputThatDoesNotRequireGradHasNone() {
    Recorded r = Recorded.block(DOC, 8);
    Tensor input = Tensor.of(2f, 3f);
    Tensor y = Tensor.scalar(1f);
    Tensor w = Tensor.of(1f, 0.1f).requiresGrad_();
    Tensor b = Tensor.scalar(0.3f).requiresGrad_();
    Tensor z = input.dot(w).add(b);
    Tensor guess = z.relu();
    Tensor loss = binaryCrossEntropyWithLogits(y, guess);
    loss.backward();
    r.print(input.hasGrad() ? input.grad() : "None").printsAsRecorded();
    r.has("input", input).has("y", y).has("w", w).has("b", b).has("z", z).has("y_pred", guess).has("loss", loss);
    assertThatThrownBy(input::grad).isInstanceOf(GradientException.class).hasMessageContaining("does not require grad");
  }

  @Test
  void theSwappedAndTheIntendedLossHaveTheRecordedGradients() {
    Recorded r = Recorded.block(DOC, 8, "grads");
    Tensor input = Tensor.of(2f, 3f);
    Tensor y = Tensor.scalar(1f);
    Tensor w = Tensor.of(1f, 0.1f).requiresGrad_();
    Tensor b = Tensor.scalar(0.3f).requiresGrad_();
    Tensor loss = binaryCrossEntropyWithLogits(y, input.dot(w).add(b).relu());
    loss.backward();
    r.print(loss, w.grad(), b.grad());
    w.zeroGrad();
    b.zeroGrad();
    Tensor intended = binaryCrossEntropyWithLogits(input.dot(w).add(b), y);
    intended.backward();
    r.print(intended, w.grad(), b.grad());
    r.printsAsRecorded();
    r.has("w", w).has("b", b).has("loss", loss).has("loss2", intended);
  }

  /** torch.rand() needs a size and fails; Tensor.rand() takes any number of sizes, none meaning a 0-dim tensor. */
  @Test
  void randWithoutASizeIsAScalar() {
    Recorded.block(DOC, 9).failed("TypeError", "rand() received an invalid combination of arguments");
    Tensor w = Tensor.rand();
    assertThat(w.rank()).isZero();
    assertThat(w.item()).isBetween(0.0, 1.0);
  }

  @Test
  void aLinearLayerWrittenOutIsAsRecorded() {
    Recorded r = Recorded.block(DOC, 10);
    Tensor x = Tensor.ones(5, 5);
    Tensor w = r.input("w").requiresGrad_();
    Tensor b = Tensor.zeros(6).requiresGrad_();
    Tensor z = x.matmul(w).add(b);
    r.print(x).print(w).print(b).print(z).printsAsRecorded();
    r.has("x", x).has("w", w).has("b", b).has("z", z);
  }

  @Test
  void theSameWithTheWeightsOfTheDocumentGivesTheRecordedGradients() {
    Recorded r = Recorded.block(DOC, 10, "document-w");
    Tensor x = Tensor.ones(5, 5);
    Tensor w = r.input("w").requiresGrad_();
    Tensor b = Tensor.zeros(6).requiresGrad_();
    Tensor z = x.matmul(w).add(b);
    z.backward(Tensor.onesLike(z));
    r.print(z).print(w.grad()).print(b.grad()).printsAsRecorded();
    r.has("x", x).has("w", w).has("b", b).has("z", z);
  }

  @Test
  void theMeanOfSquaresHasTheRecordedGradientAndZeroesIt() {
    Recorded r = Recorded.block(DOC, 11);
    Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor y = x.pow(2);
    Tensor z = y.mean();
    r.print(z);
    z.backward();
    r.print("gradients", x.grad()).printsAsRecorded();
    r.shows(x.grad().zero_());
    r.has("y", y).has("z", z).has("x", x);
  }

  @Test
  void detachLeavesTheGraph() {
    Recorded r = Recorded.block(DOC, 12);
    Tensor x = Tensor.of(1.8f, 0.5f, 0.9f, 0.2f).requiresGrad_();
    Tensor y = x.pow(2).mean();
    r.print("x value with grad -", x);
    y.backward();
    Tensor z = x.detach();
    r.print("z value after detach - separated from the computational graph - ", z).printsAsRecorded();
    r.has("y", y).has("z", z).has("x", x);
  }
}
