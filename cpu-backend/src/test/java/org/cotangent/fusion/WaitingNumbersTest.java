package org.cotangent.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Supplier;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.IndexException;
import org.cotangent.ops.Losses;
import org.cotangent.testkit.RecordingBackend;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A number for each row waits for the kernel that reads it, even one over other rows, and goes along with kernels over its own. */
class WaitingNumbersTest {
  private static List<String> kernels(Supplier<Tensor> f) {
    Assumptions.assumeTrue(Boolean.parseBoolean(System.getProperty("cotangent.fuse", "true")), "fusion is off");
    try (var recording = RecordingBackend.of(Device.CPU)) {
      f.get().synchronize();
      return recording.kernels();
    }
  }

  private static Tensor data(int... shape) {
    return Tensor.randn(shape).synchronize();
  }

  private static Tensor classes(int n, int c) {
    long[] t = new long[n];
    for (int i = 0; i < n; i++) {
      t[i] = i * 7 % c;
    }
    return Tensor.of(t, n);
  }

  @Test
  void crossEntropyAndItsGradientWalkTheLogitsOnce() {
    Tensor x = data(20, 300).requiresGrad_();
    Tensor t = classes(20, 300);
    Tensor loss = Losses.crossEntropy(x, t);
    assertThat(kernels(() -> Autograd.grad(loss, x)).stream().filter("rows"::equals)).as("weights, and the logits").hasSize(2);
    assertThat(kernels(() -> loss)).as("the losses are there, and only their mean is left").containsExactly("rows");
  }

  @Test
  void aLossReadBeforeOrAfterItsGradientIsTheSame() {
    for (int c : new int[] {2, 5, 300, 1024, 1500}) {
      Tensor x = data(20, c).requiresGrad_();
      Tensor t = classes(20, c);
      Tensor first = Losses.crossEntropy(x, t).synchronize();
      Tensor loss = Losses.crossEntropy(x, t);
      Tensor g = Autograd.grad(loss, x).synchronize();
      assertThat(loss.item()).isEqualTo(first.item());
      assertThat(g.toFloatArray()).isEqualTo(Autograd.grad(first, x).toFloatArray());
    }
  }

  @Test
  void theTransposeOfAGatherOfOneALineIsExactlyThatElement() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16)) {
      Tensor x = data(6, 5, 4).to(type).requiresGrad_();
      Tensor ct = Tensor.ones(6, 5, 1).mul(Double.NaN).to(type);
      Tensor at = classes(30, 4).reshape(6, 5, 1);
      float[] g = Autograd.grad(x.gather(2, at), x, ct).to(DType.FLOAT32).toFloatArray();
      for (int i = 0; i < g.length; i++) {
        assertThat(g[i]).isEqualTo(Float.valueOf(i % 4 == i / 4 * 7 % 4 ? Float.NaN : 0));
      }
    }
  }

  @Test
  void itIsPartOfTheKernelThatReadsIt() {
    Tensor x = data(20, 300).requiresGrad_();
    Tensor y = x.mul(x).gather(1, classes(20, 300).unsqueeze(1)).synchronize();
    assertThat(kernels(() -> Autograd.grad(y, x, Tensor.ones(20, 1)))).as("of 20 times 300 elements only the gradient").containsExactly("pointwise");
  }

  @Test
  void aBadClassIsRefusedInTheCall() {
    Tensor x = data(3, 4).requiresGrad_();
    assertThatThrownBy(() -> Losses.crossEntropy(x, Tensor.of(0L, 4, 1)).synchronize()).isInstanceOf(IndexException.class).hasMessageContaining("4");
    assertThatThrownBy(() -> Losses.crossEntropy(x, Tensor.of(0L, -1, 1)).synchronize()).isInstanceOf(IndexException.class).hasMessageContaining("-1");
  }

  @Test
  void whatWaitedInAClosedScopeDoesNotGoAlong() {
    Tensor x = data(20, 300);
    Tensor want = x.exp().sum(1).log().synchronize();
    Tensor sum = x.exp().sum(1);
    try (var _ = MemoryScope.open()) {
      sum.mul(data(20)).reshape(4, 5).sum(1);
    }
    assertThat(sum.log().toFloatArray()).isEqualTo(want.toFloatArray());
  }

  @Test
  void whatReadAnArrayThatWasChangedDoesNotGoAlong() {
    float[] array = new float[20];
    Tensor shared = Tensor.wrap(array, 20);
    Tensor x = data(20, 300);
    Tensor want = x.exp().sum(1).log().synchronize();
    Tensor sum = x.exp().sum(1);
    Tensor other = sum.mul(shared).reshape(4, 5).sum(1);
    shared.add_(1);
    assertThat(sum.log().toFloatArray()).isEqualTo(want.toFloatArray());
    assertThat(other.toFloatArray()).containsOnly(0);
  }

  @Test
  void aLossThatWaitsMayBeKept() {
    Tensor x = data(20, 300);
    Tensor t = classes(20, 300);
    double want = Losses.crossEntropy(x, t).item();
    Tensor loss;
    try (var scope = MemoryScope.open()) {
      loss = scope.keep(Losses.crossEntropy(x.mul(1), t));
    }
    assertThat(loss.item()).isEqualTo(want);
  }

  @Test
  void numbersOfNumbersWaitOneBehindTheOther() {
    Tensor x = data(4096, 8);
    Tensor sums = x.abs().sum(1);
    Tensor expected = sums.synchronize();
    Tensor waits = x.abs().sum(1);
    for (int n = 4096; n > 1; n /= 2) {
      waits = waits.reshape(n / 2, 2).sum(1).mul(0.5);
      expected = expected.reshape(n / 2, 2).sum(1).mul(0.5).synchronize();
    }
    assertThat(waits.toFloatArray()).isEqualTo(expected.toFloatArray());
  }
}
