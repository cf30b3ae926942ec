package org.cotangent.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Norms;
import org.cotangent.testkit.RecordingBackend;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compositions that reduce rows and use the result in them are one kernel, and compute what they say. */
class RowFusionTest {
  private static final boolean FUSED = Boolean.parseBoolean(System.getProperty("cotangent.fuse", "true"));

  private static List<String> kernels(Supplier<Tensor> f) {
    Assumptions.assumeTrue(FUSED, "fusion is off");
    try (var recording = RecordingBackend.of(Device.CPU)) {
      f.get().synchronize();
      return recording.kernels();
    }
  }

  private static Tensor data(int... shape) {
    return Tensor.randn(shape).synchronize();
  }

  @Test
  void softmaxIsOneKernelForwardAndOneBackward() {
    Tensor x = data(5, 7).requiresGrad_();
    Tensor ct = data(5, 7);
    assertThat(kernels(() -> x.softmax(1))).containsExactly("rows");
    Tensor y = x.softmax(1).synchronize();
    assertThat(kernels(() -> Autograd.grad(y, x, ct))).containsExactly("rows");
    assertThat(kernels(() -> x.logSoftmax(-1))).containsExactly("rows");
  }

  @Test
  void layerNormIsOneKernelForwardAndOneBackward() {
    Tensor x = data(5, 7, 3).requiresGrad_();
    Tensor ct = data(5, 7, 3);
    Tensor w = data(7, 3);
    Shape row = Shape.of(7, 3);
    assertThat(kernels(() -> Norms.layerNorm(x, row, w, w, 1e-5))).containsExactly("rows");
    Tensor y = Norms.layerNorm(x, row, w, w, 1e-5).synchronize();
    assertThat(kernels(() -> Autograd.grad(y, x, ct))).containsExactly("rows");
    assertThat(kernels(() -> Norms.rmsNorm(x, row, w, 1e-5))).containsExactly("rows");
  }

  @Test
  void valuesOfOneSpaceAreForcedTogether() {
    Tensor x = data(6, 40);
    Tensor sum = x.exp().sum(1);
    Tensor max = x.amax(new int[] {1}, true);
    Assumptions.assumeTrue(FUSED, "fusion is off");
    try (var recording = RecordingBackend.of(Device.CPU)) {
      Tensor.synchronize(List.of(sum, max));
      assertThat(recording.kernels()).containsExactly("rows");
    }
  }

  static Stream<Tensor> inputs() {
    return Stream.of(1, 2, 3, 17, 255, 256, 300, 1024, 1025, 5000, 20_000).flatMap(n -> Stream.of(
        Tensor.randn(new int[] {3, n}),
        Tensor.randn(new int[] {n, 3}).t(),
        Tensor.randn(new int[] {4, 2 * n}).slice(1, 0, 2 * n, 2),
        Tensor.randn(new int[] {1, n}).expand(4, n),
        Tensor.randn(new int[] {3, 1}).expand(3, n),
        Tensor.randn(new int[] {3, n}).flip(1))).map(t -> t.to(DType.FLOAT64));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void rowsComputeWhatLoopsDo(Tensor x) {
    int rows = x.size(0);
    int n = x.size(1);
    double[] in = x.toDoubleArray();
    double[] softmax = x.softmax(1).toDoubleArray();
    double[] centred = x.sub(x.mean(1).unsqueeze(1)).mul(x.amin(new int[] {1}, true)).toDoubleArray();
    double[] norm = x.square().sum(1).sqrt().add(x.amax(new int[] {1}, false)).toDoubleArray();
    for (int r = 0; r < rows; r++) {
      double max = Double.NEGATIVE_INFINITY;
      double min = Double.POSITIVE_INFINITY;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double v = in[r * n + i];
        max = Math.max(max, v);
        min = Math.min(min, v);
        sum += v;
        squares += v * v;
      }
      double total = 0;
      for (int i = 0; i < n; i++) {
        total += Math.exp(in[r * n + i] - max);
      }
      assertThat(norm[r]).isCloseTo(Math.sqrt(squares) + max, within(1e-11 * (1 + Math.sqrt(squares))));
      for (int i = 0; i < n; i++) {
        assertThat(softmax[r * n + i]).isCloseTo(Math.exp(in[r * n + i] - max) / total, within(1e-12));
        assertThat(centred[r * n + i]).isCloseTo((in[r * n + i] - sum / n) * min, within(1e-11));
      }
    }
  }

  @Test
  void aRowOfSeveralAxesAndALeadOfSeveral() {
    Tensor x = Tensor.randn(new int[] {2, 3, 4, 5}).to(DType.FLOAT64);
    Tensor y = x.permute(1, 0, 3, 2);
    double[] fused = y.sub(y.sum(new int[] {2, 3}, true)).toDoubleArray();
    double[] in = y.toDoubleArray();
    for (int r = 0; r < 6; r++) {
      double sum = 0;
      for (int i = 0; i < 20; i++) {
        sum += in[r * 20 + i];
      }
      for (int i = 0; i < 20; i++) {
        assertThat(fused[r * 20 + i]).isCloseTo(in[r * 20 + i] - sum, within(1e-12));
      }
    }
  }

  @Test
  void differentRowsOfOneTensorDoNotMix() {
    Tensor x = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}).reshape(2, 3, 1).expand(2, 3, 2);
    Tensor a = x.sum(2);
    Tensor b = x.sum(new int[] {1, 2}, false);
    assertThat(a.sub(b.unsqueeze(1)).toFloatArray()).containsExactly(-10, -8, -6, -22, -20, -18);
  }

  @Test
  void aValueChangedInPlaceLaterIsReadAsItWas() {
    Tensor x = Tensor.of(new float[][] {{1, 2}, {3, 4}}).copy();
    Tensor s = x.sum(1);
    x.add_(10);
    assertThat(s.toFloatArray()).containsExactly(3, 7);
  }

  @Test
  void numbersOfRowsMeetConstantsAndOutputsOfBothKinds() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 7}, 2, 3);
    Tensor sum = x.sum(new int[] {1}, true);
    assertThat(sum.mul(2).expand(2, 3).add(0).toDoubleArray()).containsExactly(12, 12, 12, 32, 32, 32);
    assertThat(x.mul(0).add(sum.rsub(1)).toDoubleArray()).containsExactly(-5, -5, -5, -15, -15, -15);
    assertThat(Tensor.where(x.gt(sum.div(3)), sum, x).toDoubleArray()).containsExactly(1, 2, 6, 4, 5, 16);
    Tensor share = x.div(sum);
    Tensor half = sum.div(2);
    Tensor.synchronize(List.of(share, half));
    assertThat(half.toDoubleArray()).containsExactly(3, 8);
    assertThat(share.toDoubleArray()).containsExactly(1 / 6.0, 2 / 6.0, 3 / 6.0, 4 / 16.0, 5 / 16.0, 7 / 16.0);
  }
}
