package org.cotangent.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.functional.Naive.assertClose;
import static org.cotangent.functional.Naive.numbers;

import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.GradCheck;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Convolution;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class ConvolutionTest {
  private static ConvOptions options(int[] s, int[] p, int[] d, int groups) {
    return ConvOptions.DEFAULT.stride(s).padding(p).dilation(d).groups(groups);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0, 0, 1, 1, 1", "2, 1, 1, 2, 1, 1, 2", "1, 3, 2, 0, 2, 1, 1", "2, 2, 3, 1, 1, 3, 4", "3, 2, 1, 1, 2, 2, 2"})
  void isTheSumOverWindows(int s0, int s1, int p0, int p1, int d0, int d1, int groups) {
    Tensor x = numbers(1, 2, 4, 7, 8);
    Tensor w = numbers(2, 8, 4 / groups, 3, 2);
    Tensor b = numbers(3, 8);
    int[] s = {s0, s1};
    int[] p = {p0, p1};
    int[] d = {d0, d1};
    Tensor want = Naive.conv2d(x, w, s, p, d, groups);
    assertClose(Convolution.conv2d(x, w, options(s, p, d, groups)), want);
    assertClose(Convolution.conv2d(x, w, b, options(s, p, d, groups)), want.add(b.reshape(8, 1, 1)));
  }

  /** The transposed convolution is the pullback of the convolution. */
  @ParameterizedTest
  @CsvSource({"1, 0, 1, 1", "2, 1, 1, 2", "3, 2, 2, 1"})
  void transposedIsTheTranspose(int s, int p, int d, int groups) {
    ConvOptions o = options(new int[] {s}, new int[] {p}, new int[] {d}, groups);
    Tensor x = numbers(4, 2, 4, 9, 9).requiresGrad_();
    Tensor w = numbers(5, 6, 4 / groups, 3, 3);
    Tensor y = Convolution.conv2d(x, w, o);
    Tensor ct = numbers(6, y.shape().dims());
    y.backward(ct);
    int rest = 9 - ((y.size(2) - 1) * s - 2 * p + d * 2 + 1);
    assertClose(Convolution.convTranspose2d(ct, w, o.outputPadding(rest)), x.grad());
  }

  @Test
  void derivativesOfTwoOrdersAreThoseOfDifferences() {
    ConvOptions o = options(new int[] {2, 1}, new int[] {1, 0}, new int[] {1, 2}, 2);
    List<Tensor> in = List.of(numbers(7, 1, 2, 4, 4), numbers(8, 2, 1, 2, 2), numbers(9, 2));
    GradCheck.gradcheck((List<Tensor> v) -> Convolution.conv2d(v.get(0), v.get(1), v.get(2), o), in);
    GradCheck.gradgradcheck((List<Tensor> v) -> Convolution.conv2d(v.get(0), v.get(1), v.get(2), o), in);
    ConvOptions t = ConvOptions.DEFAULT.stride(2).padding(1).outputPadding(1);
    GradCheck.gradgradcheck((List<Tensor> v) -> Convolution.convTranspose1d(v.get(0), v.get(1), t),
        List.of(numbers(1, 1, 2, 3), numbers(2, 2, 1, 3)));
  }

  @Test
  void oneAndThreeAxes() {
    Tensor x = numbers(1, 2, 3, 8);
    Tensor w = numbers(2, 4, 3, 3);
    ConvOptions o = ConvOptions.DEFAULT.stride(2).padding(1);
    Tensor flat = Convolution.conv2d(x.unsqueeze(2), w.unsqueeze(2), ConvOptions.DEFAULT.stride(1, 2).padding(0, 1));
    assertClose(Convolution.conv1d(x, w, o), flat.squeeze(2));
    Tensor deep = Convolution.conv3d(x.reshape(2, 3, 1, 1, 8), w.reshape(4, 3, 1, 1, 3), ConvOptions.DEFAULT.stride(1, 1, 2)
        .padding(0, 0, 1));
    assertClose(deep.reshape(flat.shape().dims()), flat);
  }

  @Test
  void samePaddingKeepsSizes() {
    Tensor x = numbers(1, 1, 2, 7, 6);
    Tensor y = Convolution.conv2d(x, numbers(2, 3, 2, 4, 3), ConvOptions.DEFAULT.samePadding().dilation(1, 2));
    assertThat(y.shape().dims()).containsExactly(1, 3, 7, 6);
    assertThatThrownBy(() -> Convolution.conv2d(x, numbers(2, 3, 2, 3, 3), ConvOptions.DEFAULT.stride(2).samePadding()))
        .isInstanceOf(ArgumentException.class).hasMessageContaining("padding='same' is not supported for strided convolutions");
  }

  @Test
  void oneExampleAndVmap() {
    Tensor x = numbers(1, 5, 3, 6, 6);
    Tensor w = numbers(2, 4, 3, 3, 3);
    Tensor all = Convolution.conv2d(x, w, ConvOptions.DEFAULT);
    assertClose(Convolution.conv2d(x.get(2), w, ConvOptions.DEFAULT), all.get(2));
    assertClose(Autograd.vmap(e -> Convolution.conv2d(e, w, ConvOptions.DEFAULT)).apply(x), all);
  }

  @Test
  void refusals() {
    Tensor x = numbers(1, 1, 3, 5, 5);
    assertThatThrownBy(() -> Convolution.conv2d(x, numbers(2, 4, 2, 3, 3), ConvOptions.DEFAULT)).isInstanceOf(ShapeException.class)
        .hasMessage("conv2d: given groups=1 and weight [4, 2, 3, 3], expected input [1, 3, 5, 5] to have 2 channels, "
            + "but got 3 channels instead");
    assertThatThrownBy(() -> Convolution.conv2d(x, numbers(2, 4, 3, 7, 3), ConvOptions.DEFAULT)).isInstanceOf(ShapeException.class)
        .hasMessageContaining("kernel size can't be greater than actual input size");
    assertThatThrownBy(() -> Convolution.conv2d(x, Tensor.ones(4, 3, 3, 3), ConvOptions.DEFAULT)).isInstanceOf(DTypeException.class);
    assertThatThrownBy(() -> ConvOptions.DEFAULT.padding(-1)).isInstanceOf(ArgumentException.class)
        .hasMessageContaining("negative padding");
    assertThatThrownBy(() -> Convolution.convTranspose1d(numbers(1, 1, 2, 3), numbers(2, 2, 1, 3), ConvOptions.DEFAULT.outputPadding(1)))
        .isInstanceOf(ArgumentException.class).hasMessageContaining("output padding must be smaller");
  }
}
