package org.cotangent.inplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.RETAIN_GRAPH;
import static org.cotangent.Autograd.grad;
import static org.cotangent.Autograd.noGrad;
import static org.cotangent.Autograd.vmap;

import org.cotangent.DType;
import org.cotangent.Index;
import org.cotangent.Tensor;
import org.cotangent.errors.CotangentException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.ShapeException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class InPlaceTest {
  @Test
  void everyOperationChangesTheTensorAndReturnsIt() {
    Tensor x = Tensor.of(1f, 2f);
    assertThat(x.add_(Tensor.of(1f, 1f))).isSameAs(x);
    assertThat(x.add_(1).toFloatArray()).containsExactly(3, 4);
    assertThat(x.sub_(Tensor.of(1f, 2f)).toFloatArray()).containsExactly(2, 2);
    assertThat(x.sub_(-1).toFloatArray()).containsExactly(3, 3);
    assertThat(x.mul_(Tensor.of(2f, 3f)).toFloatArray()).containsExactly(6, 9);
    assertThat(x.mul_(2).toFloatArray()).containsExactly(12, 18);
    assertThat(x.div_(Tensor.of(4f, 3f)).toFloatArray()).containsExactly(3, 6);
    assertThat(x.div_(3).toFloatArray()).containsExactly(1, 2);
    assertThat(x.clamp_(1.5, 10).toFloatArray()).containsExactly(1.5f, 2);
    assertThat(x.fill_(4).toFloatArray()).containsExactly(4, 4);
    assertThat(x.copy_(Tensor.of(8, 9)).toFloatArray()).containsExactly(8, 9);
    assertThat(x.apply_("sqrt_", Tensor::sqrt).toFloatArray()[1]).isEqualTo(3);
    assertThat(x.zero_().toFloatArray()).containsExactly(0, 0);
    assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void aLeafThatRequiresGradIsRefusedOutsideNoGrad() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    assertThatThrownBy(() -> x.add_(1))
        .isInstanceOf(InPlaceException.class)
        .hasMessageStartingWith("add_: ")
        .hasMessageContaining("noGrad()");
    assertThatThrownBy(() -> x.get(0).zero_()).isInstanceOf(InPlaceException.class).hasMessageStartingWith("zero_: ");
    assertThatThrownBy(() -> x.set(0, 5.0)).isInstanceOf(InPlaceException.class);
    assertThat(x.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void aLeafInsideNoGradStaysTheSameLeaf() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    x.square().sum().backward();
    noGrad(() -> x.sub_(x.grad().mul(0.25)));
    assertThat(x.isLeaf()).isTrue();
    assertThat(x.toFloatArray()).containsExactly(0.5f, 1);
    x.square().sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(3, 6);
  }

  @Test
  void aGraphBuiltBeforeALeafChangedUsesTheOldNumbers() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.square().sum();
    noGrad(() -> x.fill_(100));
    y.backward();
    assertThat(x.grad().toFloatArray()).containsExactly(2, 4);
    assertThat(y.item()).isEqualTo(5);
  }

  @Test
  void savedInputsAreNotCorrupted() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor a = x.mul(3);
    Tensor y = a.square();
    a.add_(100);
    y.sum().backward(RETAIN_GRAPH);
    assertThat(x.grad().toFloatArray()).containsExactly(18, 36);
    x.zeroGrad();
    a.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(3, 3);
  }

  @Test
  void savedOutputsAreNotCorrupted() {
    Tensor x = Tensor.of(0f, 1f).requiresGrad_();
    Tensor y = x.exp();
    float[] e = y.toFloatArray();
    Tensor z = y.mul(1);
    y.mul_(y);
    z.sum().backward(RETAIN_GRAPH);
    assertThat(x.grad().toFloatArray()).containsExactly(e);
    x.zeroGrad();
    y.sum().backward();
    assertThat(x.grad().toFloatArray()[1]).isCloseTo((float) (2 * Math.exp(2)), org.assertj.core.api.Assertions.within(1e-5f));
  }

  @Test
  void repeatedInPlaceStepsAreDifferentiatedAsWritten() {
    Tensor x = Tensor.of(2.0).requiresGrad_();
    Tensor y = x.copy();
    y.mul_(x).add_(1).mul_(y).div_(x);
    double[] g = grad(y, x, Tensor.of(1.0)).toDoubleArray();
    assertThat(y.toDoubleArray()).containsExactly(12.5);
    assertThat(g[0]).isCloseTo(3 * 4 + 2 - 1 / 4.0, org.assertj.core.api.Assertions.within(1e-12));
  }

  @Test
  void aLoopThatFillsRowsHasTheGradientOfEachRow() {
    Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor out = Tensor.zeros(3, 2);
    for (int i = 0; i < 3; i++) {
      out.set(i, Tensor.stack(x.get(i).square(), x.get(i).mul(10)));
    }
    assertThat(out.toFloatArray()).containsExactly(1, 10, 4, 20, 9, 30);
    out.mul(Tensor.of(new float[][] {{1, 1}, {1, 0}, {0, 1}})).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(12, 4, 10);
  }

  @Test
  void aRecurrenceWrittenInPlaceIsDifferentiated() {
    Tensor a = Tensor.scalar(0.5).requiresGrad_();
    Tensor h = Tensor.zeros(6).to(DType.FLOAT64);
    h.set(0, 1.0);
    for (int i = 1; i < 6; i++) {
      h.set(i, h.get(i - 1).mul(a));
    }
    h.get(5).backward();
    assertThat(a.grad().item()).isEqualTo(5 * Math.pow(0.5, 4));
    assertThat(h.toDoubleArray()).containsExactly(1, 0.5, 0.25, 0.125, 0.0625, 0.03125);
  }

  @Test
  void setByAMaskWritesWhereItIsTrue() {
    Tensor x = Tensor.of(new float[][] {{1, -2, 3}, {-4, 5, -6}});
    x.set(x.lt(0), 0);
    assertThat(x.toFloatArray()).containsExactly(1, 0, 3, 0, 5, 0);
    x.set(x.gt(2), Tensor.of(30f, 50f));
    assertThat(x.toFloatArray()).containsExactly(1, 0, 30, 0, 50, 0);
    x.set(Tensor.of(false, true), 9);
    assertThat(x.toFloatArray()).containsExactly(1, 0, 30, 9, 9, 9);
  }

  @Test
  void setByPositionsWritesRowsAndTheLastOfEqualOnesWins() {
    Tensor x = Tensor.zeros(4, 2);
    x.set(Tensor.of(2, 0, 2), Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
    assertThat(x.toFloatArray()).containsExactly(3, 4, 0, 0, 5, 6, 0, 0);
    x.set(Tensor.of(-1L), Tensor.of(7f, 8f));
    assertThat(x.toFloatArray()).containsExactly(3, 4, 0, 0, 5, 6, 7, 8);
  }

  @Test
  void setByPositionsOfTwoAxesWritesElements() {
    Tensor x = Tensor.zeros(3, 3);
    x.set(new Index[] {Index.of(Tensor.of(0, 1, 2)), Index.of(Tensor.of(2, 1, 0))}, Tensor.of(1f, 2f, 3f));
    assertThat(x.toFloatArray()).containsExactly(0, 0, 1, 0, 2, 0, 3, 0, 0);
    x.set(new Index[] {Index.all(), Index.of(Tensor.of(1, 0))}, Tensor.of(new float[][] {{5}, {6}, {7}}));
    assertThat(x.toFloatArray()).containsExactly(5, 5, 1, 6, 6, 0, 7, 7, 0);
    x.set(new Index[] {Index.range(0, 3, 2), Index.at(2)}, Tensor.scalar(-1f));
    assertThat(x.toFloatArray()).containsExactly(5, 5, -1, 6, 6, 0, 7, 7, -1);
  }

  @Test
  void setWithDuplicatesGivesTheGradientToTheLast() {
    Tensor v = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor w = Tensor.of(9f, 9f, 9f).requiresGrad_();
    Tensor x = w.mul(1);
    x.set(Tensor.of(1, 2, 1), v);
    assertThat(x.toFloatArray()).containsExactly(9, 3, 2);
    x.mul(Tensor.of(10f, 20f, 30f)).sum().backward();
    assertThat(v.grad().toFloatArray()).containsExactly(0, 30, 20);
    assertThat(w.grad().toFloatArray()).containsExactly(10, 0, 0);
  }

  @Test
  void setThroughAViewWritesTheBase() {
    Tensor x = Tensor.zeros(2, 3);
    x.t().set(Tensor.of(true, false, true), 1);
    assertThat(x.toFloatArray()).containsExactly(1, 0, 1, 1, 0, 1);
    x.set(1, 2, 5.0);
    x.get(0).set(1, Tensor.scalar(7f));
    assertThat(x.toFloatArray()).containsExactly(1, 7, 1, 1, 0, 5);
  }

  @Test
  void integersTakeValuesConverted() {
    Tensor x = Tensor.of(1, 2, 3);
    x.add_(Tensor.of(10L, 20L, 30L));
    assertThat(x.dtype()).isEqualTo(DType.INT32);
    assertThat(x.toLongArray()).containsExactly(11, 22, 33);
    x.copy_(Tensor.of(1.9f, -1.9f, 0f));
    assertThat(x.toLongArray()).containsExactly(1, -1, 0);
    Tensor d = Tensor.of(1f, 2f);
    d.mul_(Tensor.of(2.0, 3.0));
    assertThat(d.dtype()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void aResultOfAHigherCategoryOrAnotherShapeIsRefusedAndNothingChanges() {
    Tensor i = Tensor.of(1, 2);
    Tensor alias = i.reshape(2, 1);
    assertThatThrownBy(() -> i.add_(Tensor.of(0.5f, 0.5f)))
        .isInstanceOf(InPlaceException.class)
        .hasMessageContaining("float32")
        .hasMessageContaining("int32");
    assertThatThrownBy(() -> i.mul_(0.5)).isInstanceOf(InPlaceException.class);
    assertThatThrownBy(() -> i.div_(2)).isInstanceOf(InPlaceException.class);
    assertThatThrownBy(() -> i.add_(Tensor.of(new int[][] {{1, 2}, {3, 4}})))
        .isInstanceOf(InPlaceException.class)
        .hasMessageContaining("[2, 2]");
    assertThatThrownBy(() -> i.add_(Tensor.of(1, 2, 3))).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> i.copy_(Tensor.of(1, 2, 3))).isInstanceOf(CotangentException.class);
    assertThatThrownBy(() -> i.copy_(Tensor.of(new int[][] {{1, 2}, {3, 4}}))).isInstanceOf(InPlaceException.class);
    Tensor b = Tensor.of(true, false);
    assertThatThrownBy(() -> b.add_(Tensor.of(1, 1))).isInstanceOf(InPlaceException.class);
    assertThat(i.toLongArray()).containsExactly(1, 2);
    assertThat(alias.toLongArray()).containsExactly(1, 2);
    assertThat(b.toLongArray()).containsExactly(1, 0);
  }

  @Test
  void anInnerValueWrittenToAnOuterTensorIsRefused() {
    Tensor outer = Tensor.zeros(2);
    assertThatThrownBy(() -> vmap(v -> {
      outer.add_(v);
      return v;
    }).apply(Tensor.ones(3, 2))).isInstanceOf(InPlaceException.class).hasMessageContaining("vmap");
    assertThatThrownBy(() -> grad(v -> {
      outer.copy_(v);
      return v.sum();
    }).apply(Tensor.ones(2))).isInstanceOf(InPlaceException.class).hasMessageContaining("grad");
    assertThat(outer.toFloatArray()).containsExactly(0, 0);
  }

  @Test
  void inPlaceInsideATransformIsDifferentiatedAndMapped() {
    Tensor g = grad(v -> {
      Tensor y = v.mul(2);
      y.get(0).mul_(v.get(1));
      return y.sum();
    }).apply(Tensor.of(3f, 5f));
    assertThat(g.toFloatArray()).containsExactly(10, 8);
    Tensor m = vmap(v -> {
      Tensor y = v.mul(1);
      y.set(0, v.sum());
      return y;
    }).apply(Tensor.of(new float[][] {{1, 2}, {3, 4}}));
    assertThat(m.toFloatArray()).containsExactly(3, 2, 7, 4);
  }

  @Test
  void aForeignArrayThatChangedIsRefusedWhereItWasSaved() {
    float[] a = {1, 2};
    Tensor w = Tensor.wrap(a, 2);
    Tensor x = Tensor.of(3f, 4f).requiresGrad_();
    Tensor y = x.mul(w).synchronize();
    a[0] = 100;
    w.written();
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(InPlaceException.class)
        .hasMessageContaining("saved by mul")
        .hasMessageContaining("changed");
    assertThat(x.hasGrad()).isFalse();
  }

  @Test
  void aForeignArrayThatDidNotChangeIsFine() {
    float[] a = {1, 2};
    Tensor w = Tensor.wrap(a, 2);
    a[0] = 5;
    w.written();
    Tensor x = Tensor.of(3f, 4f).requiresGrad_();
    x.mul(w).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(5, 2);
  }

  @Test
  void aValueOverAForeignArrayIsComputedAtOnce() {
    float[] a = {1, 2};
    Tensor w = Tensor.wrap(a, 2);
    Tensor y = w.mul(2).add(1);
    a[0] = 100;
    w.written();
    assertThat(y.toFloatArray()).containsExactly(3, 5);
    Tensor z = w.mul(2).synchronize();
    a[0] = 7;
    w.written();
    assertThat(z.toFloatArray()).containsExactly(200, 4);
  }

  @Test
  void aPendingValueOverAnArrayThatWasHandedOutAndChangedIsRefused() {
    Tensor w = Tensor.of(1f, 2f);
    Tensor y = w.mul(2).add(1);
    ((float[]) w.array())[0] = 100;
    w.written();
    if (Boolean.parseBoolean(System.getProperty("cotangent.fuse", "true"))) {
      assertThatThrownBy(y::toFloatArray).isInstanceOf(InPlaceException.class).hasMessageContaining("synchronize()");
    } else {
      assertThat(y.toFloatArray()).containsExactly(3, 5);
    }
  }

  @Test
  void anInPlaceWriteToAWrappedTensorLeavesTheArrayAndRebinds() {
    float[] a = {1, 2};
    Tensor w = Tensor.wrap(a, 2);
    w.add_(1);
    assertThat(w.toFloatArray()).containsExactly(2, 3);
    assertThat(a).containsExactly(1, 2);
  }

  @Test
  void pendingValuesKeepTheNumbersOfTheirTime() {
    Tensor x = Tensor.of(1f, 2f);
    Tensor y = x.add(1);
    x.mul_(10);
    Tensor z = x.add(1);
    x.zero_();
    assertThat(y.toFloatArray()).containsExactly(2, 3);
    assertThat(z.toFloatArray()).containsExactly(11, 21);
    assertThat(x.toFloatArray()).containsExactly(0, 0);
  }

  @Test
  void anInPlaceOperationWithItselfReadsTheOldNumbers() {
    Tensor x = Tensor.of(new float[][] {{1, 2}, {3, 4}});
    x.add_(x.t());
    assertThat(x.toFloatArray()).containsExactly(2, 5, 5, 8);
    x.get(0).copy_(x.get(1));
    assertThat(x.toFloatArray()).containsExactly(5, 8, 5, 8);
    Tensor v = Tensor.of(1f, 2f, 3f, 4f);
    v.narrow(0, 1, 3).copy_(v.narrow(0, 0, 3));
    assertThat(v.toFloatArray()).containsExactly(1, 1, 2, 3);
  }

  @Test
  void constantsAndSharedFactoriesAreNotCorrupted() {
    Tensor a = Tensor.zeros(2);
    Tensor b = a.add(0);
    a.add_(1);
    assertThat(Tensor.zeros(2).toFloatArray()).containsExactly(0, 0);
    assertThat(b.toFloatArray()).containsExactly(0, 0);
    assertThat(a.toFloatArray()).containsExactly(1, 1);
  }
}
