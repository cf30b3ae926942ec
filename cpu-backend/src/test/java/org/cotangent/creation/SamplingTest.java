package org.cotangent.creation;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.cotangent.DType;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Histograms;
import org.cotangent.ops.IncompleteGamma;
import org.cotangent.ops.Norms;
import org.cotangent.ops.Polynomials;
import org.cotangent.ops.Sampling;
import org.cotangent.ops.Windows;
import org.junit.jupiter.api.Test;

/** Draws from given distributions, windows, histograms and rarer special functions; numbers are PyTorch's where no formula is named. */
class SamplingTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);

  @Test
  void frequenciesAreTheProbabilities() {
    Generator g = new Generator(5);
    Tensor p = Tensor.of(0.1, 0.5, 1.0, 0.0);
    double[] mean = Sampling.bernoulli(p.expand(20_000, 4), g).mean(0).toDoubleArray();
    assertThat(mean).containsExactly(new double[] {0.1, 0.5, 1, 0}, Offset.offset(0.02));
    Tensor weights = Tensor.of(1.0, 0.0, 3.0);
    Tensor drawn = Sampling.multinomial(weights, 20_000, true, g);
    assertThat(drawn.bincount(3).to(DType.FLOAT64).div(20_000.0).toDoubleArray()).containsExactly(new double[] {0.25, 0, 0.75}, Offset.offset(0.02));
    Tensor first = Sampling.multinomial(weights.expand(20_000, 3), 2, false, g);
    assertThat(first.select(1, 0).bincount(3).to(DType.FLOAT64).div(20_000.0).toDoubleArray())
        .containsExactly(new double[] {0.25, 0, 0.75}, Offset.offset(0.02));
    assertThat(first.sum(1).eq(2L).all().itemLong()).as("places 0 and 2, each once").isEqualTo(1);
    double[] normal = Sampling.normal(Tensor.of(-1.0, 2.0).expand(20_000, 2), Tensor.of(0.5), g).mean(0).toDoubleArray();
    assertThat(normal).containsExactly(new double[] {-1, 2}, Offset.offset(0.02));
  }

  @Test
  void windows() {
    assertThat(Windows.hannWindow(4, true).toDoubleArray()).containsExactly(new double[] {0, 0.5, 1, 0.5}, Offset.offset(1e-7));
    assertThat(Windows.hammingWindow(3, false).toDoubleArray()).containsExactly(new double[] {0.08, 1, 0.08}, Offset.offset(1e-6));
    assertThat(Windows.blackmanWindow(4, true).toDoubleArray()).containsExactly(new double[] {0, 0.34, 1, 0.34}, Offset.offset(1e-6));
    assertThat(Windows.bartlettWindow(4, true).toDoubleArray()).containsExactly(new double[] {0, 0.5, 1, 0.5}, Offset.offset(1e-7));
    assertThat(Windows.kaiserWindow(3, false, 2).toDoubleArray()).containsExactly(new double[] {0.438676, 1, 0.438676}, Offset.offset(1e-6));
    assertThat(Windows.hannWindow(1, false).toDoubleArray()).containsExactly(1);
    assertThat(Windows.hannWindow(0, true).size()).isZero();
  }

  @Test
  void placesInGrids() {
    Tensor[] at = Tensor.of(0L, 5L, 4L).unravelIndex(2, 3);
    assertThat(at[0].toLongArray()).containsExactly(0, 1, 1);
    assertThat(at[1].toLongArray()).containsExactly(0, 2, 1);
    var boxes = Histograms.histogramdd(Tensor.of(new double[][] {{0, 0}, {1, 2}, {1, 1}, {3, 3}}), new int[] {1, 2}, new double[] {0, 1, 0, 2},
        Tensor.of(1.0, 2.0, 4.0, 8.0), false);
    assertThat(boxes.counts().toDoubleArray()).as("the last box holds its end").containsExactly(1, 6);
    assertThat(Shape.broadcast(Shape.of(2, 1), Shape.of(3), Shape.SCALAR)).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void incompleteGammaFunctions() {
    Tensor a = Tensor.of(0.5, 1.0, 10.0, 10.0, 1000.0, 1000.0, 1e5);
    Tensor x = Tensor.of(0.5, 2.0, 5.0, 20.0, 990.0, 1100.0, 1e5);
    double[] p = IncompleteGamma.igamma(a, x).toDoubleArray();
    double[] q = IncompleteGamma.igammac(a, x).toDoubleArray();
    for (int i = 0; i < p.length; i++) {
      assertThat(p[i] + q[i]).isEqualTo(1, CLOSE);
    }
    assertThat(p[0]).as("erf(√x) for a = 1/2").isEqualTo(0.6826894921370859, CLOSE);
    assertThat(p[1]).as("1 - e^-x for a = 1").isEqualTo(-Math.expm1(-2), CLOSE);
    assertThat(p[2]).as("for whole a a sum of Poisson's probabilities").isEqualTo(1 - poisson(10, 5), CLOSE);
    assertThat(q[3]).isEqualTo(poisson(10, 20), CLOSE);
    assertThat(q[4]).isEqualTo(poisson(1000, 990), Offset.offset(1e-10));
    assertThat(q[5]).isEqualTo(poisson(1000, 1100), Offset.offset(1e-10));
    assertThat(IncompleteGamma.igammac(Tensor.of(1.0), Tensor.of(600.0)).item()).as("relative").isEqualTo(Math.exp(-600), Offset.offset(1e-272));
    double[] ends = IncompleteGamma.igamma(Tensor.of(0.0, 2.0, -1.0, 0.0, 2.0), Tensor.of(1.0, 0.0, 1.0, 0.0, Double.POSITIVE_INFINITY)).toDoubleArray();
    assertThat(ends).containsExactly(1, 0, Double.NaN, Double.NaN, 1);
  }

  /** The probability of fewer than n events where x are expected. */
  private static double poisson(int n, double x) {
    double sum = 0;
    double log = -x;
    for (int k = 0; k < n; k++) {
      sum += Math.exp(log);
      log += Math.log(x / (k + 1));
    }
    return sum;
  }

  @Test
  void orthogonalPolynomials() {
    Tensor x = Tensor.of(0.3, -0.7);
    assertThat(Polynomials.chebyshevPolynomialT(x, 5).toDoubleArray())
        .containsExactly(new double[] {Math.cos(5 * Math.acos(0.3)), Math.cos(5 * Math.acos(-0.7))}, CLOSE);
    assertThat(Polynomials.hermitePolynomialHe(x, 3).toDoubleArray()).containsExactly(new double[] {0.027 - 0.9, -0.343 + 2.1}, CLOSE);
    assertThat(Polynomials.legendrePolynomialP(x, 2).toDoubleArray()).containsExactly(new double[] {-0.365, 0.235}, CLOSE);
    assertThat(Polynomials.laguerrePolynomialL(x, Tensor.of(1L, 0L)).toDoubleArray()).containsExactly(new double[] {0.7, 1}, CLOSE);
  }

  @Test
  void rmsNormHasTheEpsOfItsType() {
    Tensor x = Tensor.of(1e-8, 0.0);
    assertThat(Norms.rmsNorm(x, Shape.of(2)).toDoubleArray()[0]).isEqualTo(1e-8 / Math.sqrt(5e-17 + Math.ulp(1.0)), CLOSE);
  }
}
