package org.cotangent.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Gradients;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Norms;
import org.cotangent.spi.Backends;
import org.cotangent.testkit.RecordingBackend;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums over the rows of a value that waits go along with the kernel that computes it, and are what loops add up. */
class RidingSumsTest {
  private static List<String> kernels(Supplier<List<Tensor>> f) {
    Assumptions.assumeTrue(Boolean.parseBoolean(System.getProperty("cotangent.fuse", "true")), "fusion is off");
    Assumptions.assumeTrue(Backends.of(Device.CPU).sumsRows(), "the device adds up no rows");
    try (var recording = RecordingBackend.of(Device.CPU)) {
      Tensor.synchronize(f.get());
      return recording.kernels();
    }
  }

  private static Tensor data(int... shape) {
    return Tensor.randn(shape).synchronize();
  }

  @Test
  void theGradientsOfLayerNormAreOneKernel() {
    Tensor x = data(40, 70).requiresGrad_();
    Tensor w = data(70).requiresGrad_();
    Tensor b = data(70).requiresGrad_();
    Tensor ct = data(40, 70);
    Tensor y = Norms.layerNorm(x, Shape.of(70), w, b, 1e-5);
    assertThat(kernels(() -> {
      Gradients g = Autograd.grad(List.of(y), List.of(x, w, b), List.of(ct));
      return List.of(g.get(0), g.get(1), g.get(2));
    })).containsExactly("rows");
  }

  @Test
  void aSumGoesAlongWithWhatIsMadeOfItsSource() {
    Tensor x = data(6, 40);
    assertThat(kernels(() -> {
      Tensor y = x.mul(3);
      Tensor sum = y.sum(0);
      Tensor z = y.add(1).synchronize();
      return List.of(sum, z);
    })).containsExactly("rows");
  }

  @Test
  void aSumAndItsSourceMayBeAskedForTogether() {
    Tensor x = data(6, 40);
    assertThat(kernels(() -> {
      Tensor y = x.mul(3);
      return List.of(y, y.sum(0));
    })).containsExactly("rows");
  }

  @Test
  void aSumAloneWritesNothingElse() {
    Tensor x = data(60, 40);
    assertThat(kernels(() -> List.of(x.mul(3).sum(0)))).containsExactly("rows");
  }

  @Test
  void sumsOverOtherRowsAreComputedApart() {
    Tensor x = data(6, 5, 40);
    Tensor y = x.square();
    Tensor a = y.sum(new int[] {0}, false);
    Tensor b = y.sum(new int[] {0, 1}, false);
    Tensor c = y.sum(new int[] {2}, false);
    y.synchronize();
    double[] in = x.toDoubleArray();
    squares(a, 200, in, i -> i % 200);
    squares(b, 40, in, i -> i % 40);
    squares(c, 30, in, i -> i / 40);
  }

  /** Square i is part of number {@code column(i)} of the sums. */
  private static void squares(Tensor sum, int n, double[] in, IntUnaryOperator column) {
    double[] want = new double[n];
    for (int i = 0; i < in.length; i++) {
      want[column.applyAsInt(i)] += in[i] * in[i];
    }
    close(sum, want, 1e-4);
  }

  private static void close(Tensor got, double[] want, double off) {
    double[] a = got.toDoubleArray();
    assertThat(a).hasSameSizeAs(want);
    for (int i = 0; i < a.length; i++) {
      if (!(Math.abs(a[i] - want[i]) <= off)) {
        assertThat(a[i]).as("element %d", i).isCloseTo(want[i], within(off));
      }
    }
  }

  static Stream<Tensor> inputs() {
    return Stream.of(1, 2, 3, 9, 100, 300).flatMap(rows -> Stream.of(1, 2, 7, 100, 256, 300, 1100).flatMap(n -> Stream.of(
        Tensor.randn(new int[] {rows, n}),
        Tensor.randn(new int[] {n, rows}).t(),
        Tensor.randn(new int[] {rows, 2 * n}).slice(1, 0, 2 * n, 2),
        Tensor.randn(new int[] {1, n}).expand(rows, n),
        Tensor.randn(new int[] {rows, 1}).expand(rows, n),
        Tensor.randn(new int[] {rows, n}).to(DType.FLOAT64),
        Tensor.randn(new int[] {rows, n}).to(DType.FLOAT16))));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void sumsAreWhatLoopsAddUp(Tensor x) {
    int n = x.size(1);
    double[] in = x.toDoubleArray();
    double[] want = new double[n];
    double[] twice = new double[n];
    double[] all = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      all[i] = in[i] * in[i] + 1;
      want[i % n] += all[i];
      twice[i % n] += all[i] * 0.5;
    }
    boolean half = x.dtype() == DType.FLOAT16;
    Tensor y = x.square().add(1);
    Tensor sum = y.sum(0);
    Tensor z = y.mul(0.5);
    Tensor other = z.sum(0);
    double off = (half ? 2e-2 : x.dtype() == DType.FLOAT64 ? 1e-12 : 2e-5) * (1 + x.size(0));
    close(z.mul(2), all, half ? 1e-1 : 1e-4);
    close(sum, want, off);
    close(other, twice, off);
  }

  @Test
  void aSumWhoseScopeIsClosedHarmsNothing() {
    Tensor x = data(6, 40);
    Tensor y = x.mul(3);
    try (var _ = MemoryScope.open()) {
      y.sum(0);
    }
    assertThat(y.sum(0).toFloatArray()).hasSize(40);
    assertThat(y.add(0).toFloatArray()).hasSize(240);
  }

  @Test
  void aSumOfWhatIsInStorageGoesAlongWithAKernelThatReadsIt() {
    Tensor x = data(60, 40);
    assertThat(kernels(() -> List.of(x.sum(0)))).containsExactly("reduce");
    assertThat(kernels(() -> List.of(x.sum(0), x.mul(2)))).containsExactly("rows");
    assertThat(kernels(() -> {
      Tensor sum = x.sum(0);
      x.mul(2).synchronize();
      return List.of(sum);
    })).containsExactly("rows");
    assertThat(kernels(() -> List.of(x.sum(0), x.sum(0).mul(2)))).doesNotContain("rows");
  }

  @Test
  void aProductWaitsForNoKernelThatMightTakeTheSumAlong() {
    Tensor x = data(60, 40);
    assertThat(kernels(() -> {
      Tensor sum = x.sum(0);
      Tensor y = x.matmul(x.t());
      x.mul(2).synchronize();
      return List.of(sum, y);
    })).containsExactly("gemm", "reduce", "pointwise");
  }

  @Test
  void sumsThatNobodyReadsDoNotAddUp() {
    Tensor x = data(60, 40);
    for (int i = 0; i < 1000; i++) {
      x.sum(0);
    }
    try (var _ = MemoryScope.open()) {
      x.sum(0);
    }
    double[] in = x.toDoubleArray();
    double[] got = x.mul(2).toDoubleArray();
    for (int i = 0; i < in.length; i++) {
      assertThat(got[i]).isEqualTo(2 * in[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void sumsOfWhatIsInStorageAreWhatLoopsAddUp(Tensor in) {
    Tensor x = in.add(0).synchronize();
    int n = x.size(1);
    double[] all = x.toDoubleArray();
    double[] want = new double[n];
    double[] twice = new double[n];
    for (int i = 0; i < all.length; i++) {
      want[i % n] += all[i];
      twice[i % n] += 2 * all[i];
    }
    Tensor sum = x.sum(0);
    Tensor y = x.mul(2);
    Tensor other = y.sum(0);
    double off = (x.dtype() == DType.FLOAT16 ? 2e-2 : x.dtype() == DType.FLOAT64 ? 1e-12 : 2e-5) * (1 + x.size(0));
    close(y.mul(0.5), all, 0);
    close(sum, want, off);
    close(other, twice, off);
  }

  @Test
  void aSumHasTheShapeOfAColumnOnlyByChance() {
    Tensor x = data(5, 5);
    Tensor y = x.mul(2);
    Tensor down = y.sum(0);
    Tensor across = y.sum(1);
    double[] in = x.toDoubleArray();
    double[] want = new double[5];
    for (int i = 0; i < 25; i++) {
      want[i % 5] += 2 * in[i];
      want[i / 5] += 2 * in[i];
    }
    close(down.add(across), want, 1e-5);
    Tensor again = x.mul(2);
    assertThat(again.sub(again.sum(0).reshape(5, 1)).sum().item()).isCloseTo(
        again.sum().item() - 5 * again.sum().item(), within(1e-4));
  }
}
