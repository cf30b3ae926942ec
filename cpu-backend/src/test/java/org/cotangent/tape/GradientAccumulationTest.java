package org.cotangent.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.CREATE_GRAPH;
import static org.cotangent.Autograd.RETAIN_GRAPH;
import static org.cotangent.Autograd.backward;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class GradientAccumulationTest {
  private static Tensor leaf(float... v) {
    return Tensor.of(v).requiresGrad_();
  }

  @Test
  void gradientsOfSeveralPassesAddUp() {
    Tensor x = leaf(1, 2, 3);
    for (int i = 1; i <= 3; i++) {
      x.square().sum().backward();
      assertThat(x.grad().toFloatArray()).containsExactly(2 * i, 4 * i, 6 * i);
    }
  }

  @Test
  void aGradientHeldByTheUserSeesLaterPasses() {
    Tensor x = leaf(1, 2);
    x.sum().backward();
    Tensor held = x.grad();
    x.sum().backward();
    assertThat(held).isSameAs(x.grad());
    assertThat(held.toFloatArray()).containsExactly(2, 2);
  }

  @Test
  void aLeafUsedTwiceGetsTheSumOfBothPaths() {
    Tensor x = leaf(3);
    x.mul(x).add(x.mul(5)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(11);
  }

  @Test
  void gradientsOfTwoLeavesDoNotAliasEvenIfTheyAreEqual() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    a.add(b).mul(Tensor.of(5f, 6f)).sum().backward();
    a.grad().zero_();
    assertThat(b.grad().toFloatArray()).containsExactly(5, 6);
    b.grad().add_(1);
    assertThat(a.grad().toFloatArray()).containsExactly(0, 0);
  }

  @Test
  void zeroInPlaceOnABroadcastGradientWorksAndThePassesAddAfter() {
    Tensor x = leaf(1, 2, 3);
    x.sum().backward();
    x.grad().zero_();
    assertThat(x.grad().toFloatArray()).containsExactly(0, 0, 0);
    x.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 1, 1);
  }

  @Test
  void gradBeforeBackwardSaysWhatToDo() {
    Tensor x = leaf(1);
    assertThat(x.hasGrad()).isFalse();
    assertThatThrownBy(x::grad)
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("no gradient yet")
        .hasMessageContaining("backward()");
  }

  @Test
  void gradOfANonLeafNamesRetainGrad() {
    Tensor y = leaf(1).mul(2);
    assertThatThrownBy(y::grad)
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("not a leaf")
        .hasMessageContaining("retainGrad()");
  }

  @Test
  void gradOfATensorWithoutGradSaysSo() {
    assertThatThrownBy(Tensor.of(1f)::grad).isInstanceOf(GradientException.class).hasMessageContaining("does not require grad");
  }

  @Test
  void zeroGradRemovesTheGradient() {
    Tensor x = leaf(1, 2);
    x.sum().backward();
    assertThat(x.hasGrad()).isTrue();
    x.zeroGrad();
    assertThat(x.hasGrad()).isFalse();
    x.mul(3).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(3, 3);
  }

  @Test
  void retainGradKeepsTheGradientOfAnIntermediate() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3).retainGrad();
    Tensor z = y.square();
    z.sum().backward();
    assertThat(y.hasGrad()).isTrue();
    assertThat(y.grad().toFloatArray()).containsExactly(6, 12);
    assertThat(z.hasGrad()).isFalse();
    assertThat(x.grad().toFloatArray()).containsExactly(18, 36);
  }

  @Test
  void retainGradOnALeafChangesNothing() {
    Tensor x = leaf(2).retainGrad();
    x.square().sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(4);
  }

  @Test
  void retainGradOfATensorWithoutGradIsRefused() {
    assertThatThrownBy(Tensor.of(1f)::retainGrad).isInstanceOf(GradientException.class).hasMessageContaining("does not require grad");
  }

  @Test
  void detachStopsTheGradientAndKeepsTheNumbers() {
    Tensor x = leaf(2, 3);
    Tensor d = x.square().detach();
    assertThat(d.requiresGrad()).isFalse();
    assertThat(d.isLeaf()).isTrue();
    x.mul(d).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(4, 9);
  }

  @Test
  void backwardOfSeveralOutputsAddsThem() {
    Tensor x = leaf(1, 2);
    Tensor a = x.square();
    Tensor b = x.mul(10);
    backward(List.of(a, b), List.of(Tensor.of(1f, 1f), Tensor.of(1f, 0f)), List.of());
    assertThat(x.grad().toFloatArray()).containsExactly(12, 4);
  }

  @Test
  void backwardForSomeInputsLeavesTheOthersAlone() {
    Tensor x = leaf(1, 2);
    Tensor w = leaf(3, 4);
    backward(List.of(x.mul(w).sum()), List.of(Tensor.scalar(1f)), List.of(w));
    assertThat(x.hasGrad()).isFalse();
    assertThat(w.grad().toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void backwardForAnIntermediateGivesItAGradient() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    backward(List.of(y.square().sum()), List.of(Tensor.scalar(1f)), List.of(y));
    assertThat(y.grad().toFloatArray()).containsExactly(6, 12);
    assertThat(x.hasGrad()).isFalse();
  }

  @Test
  void aGradientMadeWithCreateGraphCanBeDifferentiated() {
    Tensor x = leaf(2, 3);
    x.pow(3).sum().backward(CREATE_GRAPH);
    Tensor g = x.grad();
    assertThat(g.requiresGrad()).isTrue();
    x.zeroGrad();
    g.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(12, 18);
  }

  @Test
  void aCotangentOfAnotherShapeIsRefusedAndNothingChanges() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = x.square();
    assertThatThrownBy(() -> y.backward(Tensor.of(1f, 1f)))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("[2]")
        .hasMessageContaining("[3]");
    assertThatThrownBy(() -> y.backward(Tensor.ones(1, 3))).isInstanceOf(GradientException.class);
    assertThat(x.hasGrad()).isFalse();
    y.backward(Tensor.ones(3));
    assertThat(x.grad().toFloatArray()).containsExactly(2, 4, 6);
  }

  @Test
  void aCotangentOfAnotherTypeIsConvertedToTheOutputs() {
    Tensor x = leaf(1, 2);
    x.square().backward(Tensor.of(1.0, 2.0));
    assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(x.grad().toFloatArray()).containsExactly(2, 8);
  }

  @Test
  void aNonScalarWithoutCotangentIsRefused() {
    Tensor x = Tensor.ones(2, 3).requiresGrad_();
    assertThatThrownBy(() -> x.mul(2).backward())
        .isInstanceOf(GradientException.class)
        .hasMessage("backward: [2, 3] is not a scalar; pass a cotangent of that shape");
  }

  @Test
  void aSingleElementOfAnyRankCountsAsAScalar() {
    Tensor x = Tensor.ones(1, 1).requiresGrad_();
    x.mul(4).backward();
    assertThat(x.grad().shape().dims()).containsExactly(1, 1);
    assertThat(x.grad().item()).isEqualTo(4);
  }

  @Test
  void backwardOfATensorWithoutGradIsRefused() {
    assertThatThrownBy(() -> Tensor.scalar(1f).backward())
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("does not require grad");
    assertThatThrownBy(() -> Tensor.ones(3).backward()).isInstanceOf(GradientException.class).hasMessageContaining("does not require grad");
  }

  @Test
  void backwardOfALeafGivesItTheCotangent() {
    Tensor x = leaf(1, 2);
    x.backward(Tensor.of(5f, 6f));
    x.backward(Tensor.of(1f, 1f));
    assertThat(x.grad().toFloatArray()).containsExactly(6, 7);
  }

  @Test
  void aFreedGraphIsRefusedAndNothingChanges() {
    Tensor x = leaf(1, 2);
    Tensor w = leaf(5, 5);
    Tensor y = x.square();
    y.sum().backward();
    Tensor other = w.square().mul(y);
    assertThatThrownBy(() -> other.sum().backward())
        .isInstanceOf(GradientException.class)
        .hasMessage("backward: the graph was freed by an earlier backward(); pass RETAIN_GRAPH");
    assertThat(x.grad().toFloatArray()).containsExactly(2, 4);
    assertThat(w.hasGrad()).isFalse();
    backward(List.of(other.sum()), List.of(Tensor.scalar(1f)), List.of(w));
    assertThat(w.grad().toFloatArray()).containsExactly(10, 40);
  }

  @Test
  void aRetainedGraphCanBeUsedUntilAPassFreesIt() {
    Tensor x = leaf(1, 2);
    Tensor y = x.exp().sum();
    y.backward(RETAIN_GRAPH);
    y.backward(RETAIN_GRAPH);
    y.backward();
    assertThatThrownBy(y::backward).isInstanceOf(GradientException.class).hasMessageContaining("freed");
    assertThat(x.grad().allClose(x.detach().exp().mul(3))).isTrue();
  }

  @Test
  void aGraphWithoutSavedValuesIsFreedToo() {
    Tensor x = leaf(1, 2);
    Tensor y = x.add(1).sum();
    y.backward();
    assertThatThrownBy(y::backward).isInstanceOf(GradientException.class).hasMessageContaining("freed");
  }

  @Test
  void integersAndComparisonsDoNotRequireGrad() {
    Tensor x = leaf(1, 2, 2);
    assertThat(x.gt(1).requiresGrad()).isFalse();
    assertThat(x.argmax(0).requiresGrad()).isFalse();
    assertThat(x.sort(0).indices().requiresGrad()).isFalse();
    assertThat(x.sort(0).values().requiresGrad()).isTrue();
    assertThat(x.max(0).indices().requiresGrad()).isFalse();
    assertThat(x.to(DType.INT32).requiresGrad()).isFalse();
    assertThat(x.to(DType.FLOAT64).requiresGrad()).isTrue();
    assertThatThrownBy(() -> Tensor.of(1, 2).requiresGrad_()).isInstanceOf(GradientException.class).hasMessageContaining("int32");
    assertThatThrownBy(() -> Tensor.of(true).requiresGrad_()).isInstanceOf(GradientException.class).hasMessageContaining("bool");
  }

  @Test
  void theGradientHasTheTypeOfItsLeaf() {
    Tensor x = leaf(1, 2);
    Tensor w = Tensor.of(3.0, 4.0).requiresGrad_();
    x.mul(w).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(w.grad().dtype()).isEqualTo(DType.FLOAT64);
    assertThat(x.grad().toFloatArray()).containsExactly(3, 4);
  }

  @Test
  void theGradientOfABroadcastOperandHasItsShape() {
    Tensor x = Tensor.ones(2, 1, 3).requiresGrad_();
    Tensor w = Tensor.ones(4, 1).requiresGrad_();
    Tensor s = Tensor.scalar(2f).requiresGrad_();
    x.mul(w).mul(s).sum().backward();
    assertThat(x.grad().shape()).isEqualTo(x.shape());
    assertThat(w.grad().shape()).isEqualTo(w.shape());
    assertThat(s.grad().shape()).isEqualTo(s.shape());
    assertThat(x.grad().toFloatArray()).containsOnly(8);
    assertThat(w.grad().toFloatArray()).containsOnly(12);
    assertThat(s.grad().item()).isEqualTo(24);
  }

  @Test
  void aNonLeafCannotStopRequiringGradAndALeafCan() {
    Tensor y = leaf(1).mul(2);
    assertThat(y.requiresGrad_()).isSameAs(y);
    assertThatThrownBy(() -> y.requiresGrad_(false)).isInstanceOf(GradientException.class).hasMessageContaining("detach()");
    Tensor x = leaf(1);
    x.requiresGrad_(false);
    assertThat(x.requiresGrad()).isFalse();
    assertThat(x.mul(2).requiresGrad()).isFalse();
  }

  @Test
  void aViewCanBecomeALeafWhileItsBaseStaysAsItIs() {
    Tensor base = Tensor.ones(2, 2);
    Tensor row = base.get(0).requiresGrad_();
    assertThat(row.isLeaf()).isTrue();
    row.mul(3).sum().backward();
    assertThat(row.grad().toFloatArray()).containsExactly(3, 3);
    assertThat(base.requiresGrad()).isFalse();
    base.add_(1);
    assertThatThrownBy(() -> row.mul(2)).isInstanceOf(InPlaceException.class).hasMessageContaining("copy()");
  }

  @Test
  void aViewThatIsNoLeafAnyMoreFollowsItsBaseAgain() {
    Tensor base = Tensor.ones(2, 2);
    Tensor row = base.get(0).requiresGrad_();
    row.requiresGrad_(false);
    base.add_(1);
    assertThat(row.toFloatArray()).containsExactly(2, 2);
  }
}
