package org.cotangent.functional;

import java.util.Random;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/** Convolutions and pooling by plain loops over two spatial axes. */
final class Naive {
  private Naive() {}

  /** Reproducible float64 numbers in (-1, 1). */
  static Tensor numbers(long seed, int... shape) {
    Random r = new Random(seed);
    double[] v = r.doubles(Shape.of(shape).size(), -1, 1).toArray();
    return Tensor.of(DType.FLOAT64, Shape.of(shape), v);
  }

  static int windows(int size, int kernel, int stride, int padding, int dilation) {
    return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
  }

  private static double at(Tensor x, double[] v, int n, int c, int i, int j) {
    int h = x.size(2);
    int w = x.size(3);
    return i < 0 || i >= h || j < 0 || j >= w ? 0 : v[((n * x.size(1) + c) * h + i) * w + j];
  }

  static Tensor conv2d(Tensor x, Tensor w, int[] stride, int[] padding, int[] dilation, int groups) {
    double[] v = x.toDoubleArray();
    double[] k = w.toDoubleArray();
    int outs = w.size(0);
    int per = w.size(1);
    int kh = w.size(2);
    int kw = w.size(3);
    int oh = windows(x.size(2), kh, stride[0], padding[0], dilation[0]);
    int ow = windows(x.size(3), kw, stride[1], padding[1], dilation[1]);
    double[] y = new double[x.size(0) * outs * oh * ow];
    int at = 0;
    for (int n = 0; n < x.size(0); n++) {
      for (int o = 0; o < outs; o++) {
        int first = o / (outs / groups) * per;
        for (int i = 0; i < oh; i++) {
          for (int j = 0; j < ow; j++, at++) {
            for (int c = 0; c < per; c++) {
              for (int a = 0; a < kh; a++) {
                for (int b = 0; b < kw; b++) {
                  y[at] += k[((o * per + c) * kh + a) * kw + b]
                      * at(x, v, n, first + c, i * stride[0] - padding[0] + a * dilation[0], j * stride[1] - padding[1] + b * dilation[1]);
                }
              }
            }
          }
        }
      }
    }
    return Tensor.of(y, x.size(0), outs, oh, ow);
  }

  static void assertClose(Tensor got, Tensor want) {
    org.assertj.core.api.Assertions.assertThat(got.shape()).isEqualTo(want.shape());
    org.assertj.core.api.Assertions.assertThat(got.detach().toDoubleArray())
        .containsExactly(want.detach().toDoubleArray(), org.assertj.core.data.Offset.offset(1e-12));
  }
}
