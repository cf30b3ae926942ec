package org.cotangent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TensorFormatTest {

  static List<FormatCases.Case> cases() {
    return FormatCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void printsAsPyTorch(FormatCases.Case c) {
    assertThat(TensorFormat.format(c.shape(), c.values(), c.suffixes())).isEqualTo(c.text());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasPyTorchsSuffixes(FormatCases.Case c) {
    assertThat(TensorFormat.suffixes(c.shape(), c.dtype(), c.device(), c.grad())).isEqualTo(c.suffixes());
  }

  @Test
  void casesAreMany() {
    assertThat(cases()).hasSizeGreaterThan(100);
  }

  @Test
  void readsOnlyWhatItShows() {
    int n = Integer.MAX_VALUE;
    String text = TensorFormat.format(new int[] {n}, FormatCases.only(n, 3), List.of());
    assertThat(text).isEqualTo("tensor([0.0000e+00, 1.0000e+00, 2.0000e+00,  ..., 2.1475e+09, 2.1475e+09,\n"
        + "        2.1475e+09])");
  }

  @Test
  void addressesElementsBeyondTheRangeOfInt() {
    long size = 3L * Integer.MAX_VALUE;
    int[] shape = {Integer.MAX_VALUE, 3};
    assertThat(TensorFormat.format(shape, FormatCases.only(size, 9), List.of()))
        .startsWith("tensor([[0.0000e+00, 1.0000e+00, 2.0000e+00],")
        .endsWith("[6.4425e+09, 6.4425e+09, 6.4425e+09]])");
  }
}
