package org.cotangent.conventions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.conventions.Points.slope;
import static org.cotangent.conventions.Points.value;

import java.util.Arrays;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.MatrixException;
import org.cotangent.ops.Activations;
import org.cotangent.ops.Distances;
import org.cotangent.ops.Einsum;
import org.cotangent.ops.GridOptions;
import org.cotangent.ops.GridSampling;
import org.cotangent.ops.LabelLosses;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;
import org.cotangent.ops.MarginLosses;
import org.cotangent.ops.Masked;
import org.cotangent.ops.MatrixNorms;
import org.cotangent.ops.Norms;
import org.cotangent.ops.Polynomials;
import org.cotangent.ops.Unpooling;
import org.junit.jupiter.api.Test;

/** Values and slopes at NaN, infinities and zeros: those of PyTorch 1.13. */
class SingularPlacesTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static boolean zeros(double... x) {
    return Arrays.stream(x).allMatch(v -> v == 0);
  }

  @Test
  void nanStaysInClamp() {
    Tensor one = Tensor.of(1.0);
    assertThat(value(x -> x.clamp(Tensor.of(NAN), one), 2, 0)).containsExactly(NAN, NAN);
    assertThat(value(x -> x.clamp(Tensor.of(3.0), one), NAN, 0)).containsExactly(NAN, 1);
    assertThat(value(x -> x.clamp(one, Tensor.of(NAN)), 2, 0)).containsExactly(NAN, NAN);
    assertThat(value(x -> x.clamp(3, 1.0), NAN, 0)).containsExactly(NAN, 1);
    assertThat(value(x -> x.clamp(NAN, 1.0), 2, 0)).containsExactly(NAN, NAN);
    assertThat(value(x -> x.clamp(0.0, NAN), -2, 1)).containsExactly(NAN, NAN);
  }

  @Test
  void nanHasNoSlopeWhereLossesAreCut() {
    Tensor zero = Tensor.of(0.0, 0.0);
    assertThat(slope(x -> MarginLosses.marginRankingLoss(x, zero, Tensor.of(1.0, 1.0), 0, LossReduction.SUM), NAN, -1)).containsExactly(0, -1);
    assertThat(slope(x -> MarginLosses.hingeEmbeddingLoss(x, Tensor.of(-1.0, -1.0), 1, LossReduction.SUM), NAN, 0)).containsExactly(0, -1);
    assertThat(slope(x -> x.logit(0.2), NAN, 0.5)).containsExactly(0, 4);
  }

  @Test
  void infiniteDifferencesHaveFiniteSlopes() {
    Tensor zero = Tensor.of(0.0, 0.0, 0.0);
    assertThat(slope(x -> Losses.huberLoss(x, zero, 2, LossReduction.SUM), INF, -INF, 1)).containsExactly(2, -2, 1);
    assertThat(slope(x -> Losses.smoothL1Loss(x, zero, 2, LossReduction.SUM), INF, -INF, 1)).containsExactly(1, -1, 0.5);
    assertThat(slope(x -> Losses.huberLoss(x, zero, 2, LossReduction.SUM), NAN, 0, 0)).containsExactly(NAN, 0, 0);
    assertThat(slope(x -> x.logSumExp(new int[] {0}, false), INF, 1383, -INF)).containsExactly(NAN, 0, 0);
    assertThat(value(x -> x.logSumExp(new int[] {0}, false), INF, 1383)).containsExactly(INF);
    assertThat(Tensor.of(INF, 100).to(DType.FLOAT32).logSumExp(new int[] {0}, false).item()).isEqualTo(INF);
  }

  @Test
  void normsOfNegativeOrder() {
    int[] all = {};
    for (double p : new double[] {-1, -2, -0.5}) {
      assertThat(slope(x -> x.norm(p, 0), 0, 2, -3)).as("order %s", p).matches(SingularPlacesTest::zeros);
      assertThat(slope(x -> MatrixNorms.vectorNorm(x, p, all, false), 0, 2, -3)).as("order %s", p).matches(SingularPlacesTest::zeros);
      assertThat(value(x -> x.norm(p, 0), INF, -INF)).as("order %s", p).containsExactly(INF);
      assertThat(value(x -> MatrixNorms.vectorNorm(x, p, all, false), INF, -INF)).as("order %s", p).containsExactly(INF);
      assertThat(slope(x -> Norms.normalize(x, p, 0, 0.5), 0, 2, -3)).as("order %s", p).containsExactly(2, 2, 2);
    }
  }

  @Test
  void differencesThatAreNanCountAsNan() {
    assertThat(value(x -> Distances.pdist(x.reshape(2, 2), 0), NAN, 1, 2, 3)).containsExactly(NAN);
    assertThat(value(x -> Distances.cdist(x.reshape(1, 2), Tensor.of(new double[] {1, 1}, 1, 2), 0), 2, 1)).containsExactly(1);
  }

  @Test
  void targetsOfZero() {
    Tensor x = Tensor.of(-1.0, -2.0);
    assertThat(slope(t -> MarginLosses.klDiv(x, t, false, LossReduction.SUM), 0, 1)).containsExactly(NAN, 3);
    assertThat(value(t -> MarginLosses.klDiv(x, t, false, LossReduction.NONE), 0, 1)).containsExactly(0, 2);
    assertThat(slope(p -> Losses.binaryCrossEntropy(p, Tensor.of(1.0), LossReduction.SUM), 0)).as("the slope is cut at a float")
        .containsExactly(-1 / (double) 1e-12f);
  }

  @Test
  void zeroCotangentsMeetNoInfinity() {
    Tensor y = Tensor.of(0.0, 2.0);
    Tensor x = Tensor.of(1.0).requiresGrad_();
    Tensor ct = Tensor.of(0.0, 1.0);
    assertThat(Autograd.grad(x.xlogy(y), x, ct).item()).isEqualTo(Math.log(2));
    assertThat(Autograd.grad(x.xlog1py(Tensor.of(-1.0, 1.0)), x, ct).item()).isEqualTo(Math.log(2));
  }

  @Test
  void hardswishAtItsEnds() {
    assertThat(slope(Activations::hardswish, -3, 3)).containsExactly(-0.5, 1);
  }

  @Test
  void halvesOfGridsGoToEvenPixelsAndAwayFromZeroInVolumes() {
    GridOptions nearest = GridOptions.DEFAULT.mode(GridOptions.Mode.NEAREST);
    Tensor line = Tensor.of(1.0, 2, 3, 4, 5);
    for (int n = 2; n <= 3; n++) {
      int[] picture = n == 2 ? new int[] {1, 1, 1, 5} : new int[] {1, 1, 1, 1, 5};
      int[] places = n == 2 ? new int[] {1, 1, 6, 2} : new int[] {1, 1, 1, 6, 3};
      Tensor along = Tensor.of(-1.0, -0.6, -0.2, 0.2, 0.6, 1.0);
      Tensor grid = Tensor.stack(-1, n == 2 ? new Tensor[] {along, along.mul(0)} : new Tensor[] {along, along.mul(0), along.mul(0)});
      Tensor y = GridSampling.gridSample(line.reshape(picture), grid.reshape(places), nearest);
      assertThat(y.reshape(-1).toDoubleArray()).containsExactly(n == 2 ? new double[] {1, 1, 3, 3, 5, 5} : new double[] {0, 2, 3, 4, 5, 0});
    }
  }

  @Test
  void ofPositionsNamedTwiceTheLastIsKept() {
    Tensor at = Tensor.of(new long[] {1, 1}, 1, 2);
    assertThat(value(x -> Unpooling.maxUnpool(x.reshape(1, 2), at, 3), INF, 5)).containsExactly(0, 5, 0);
    assertThat(slope(x -> Unpooling.maxUnpool(x.reshape(1, 2), at, 3), 4, 5)).containsExactly(1, 1);
  }

  @Test
  void matricesWithInfinities() {
    Tensor a = Tensor.of(new double[] {INF, 1, 2, 3, 4, 5, 6, 7, 9}, 3, 3);
    assertThatThrownBy(() -> Linalg.svd(a, false)).isInstanceOf(MatrixException.class).hasMessageContaining("contains non-finite values");
    assertThatThrownBy(() -> Linalg.eigh(a, false)).isInstanceOf(MatrixException.class).hasMessageContaining("contains non-finite values");
    assertThat(Linalg.det(a).item()).isEqualTo(INF);
    assertThat(Linalg.det(Tensor.of(new double[] {INF, 0, 0, 2}, 2, 2)).item()).isEqualTo(INF);
  }

  @Test
  void maskedStatisticsOfIntegers() {
    Tensor x = Tensor.of(1L, 2L, 6L).to(DType.INT32);
    Tensor mask = Tensor.of(1L, 1L, 0L).to(DType.BOOL);
    int[] all = {};
    assertThat(Masked.mean(x, mask, all, false)).returns(1.5, Tensor::item).returns(DType.FLOAT32, Tensor::dtype);
    assertThat(Masked.var(x, mask, all, 0, false)).returns(0.25, Tensor::item).returns(DType.FLOAT32, Tensor::dtype);
    assertThat(Masked.cumsum(x, mask, 0)).returns(DType.INT32, Tensor::dtype);
    assertThat(Masked.cumprod(x, mask, 0)).returns(DType.INT32, Tensor::dtype);
  }

  @Test
  void nothingNormalisedKeepsItsType() {
    assertThat(Norms.localResponseNorm(Tensor.zeros(0, 1, 2).to(DType.INT64), 1, 1, 0.5, 1).dtype()).isEqualTo(DType.INT64);
  }

  @Test
  void lerpGoesFromItsStartBelowAHalf() {
    for (double w : new double[] {-2, -0.6, 0.4}) {
      assertThat(value(x -> Tensor.of(1.0, INF).lerp(x, w), INF, 1)).as("weight %s", w).containsExactly(w > 0 ? INF : -INF, w > 0 ? NAN : INF);
      assertThat(value(x -> Tensor.of(1.0, INF).lerp(x, Tensor.of(w, w)), INF, 1)).containsExactly(w > 0 ? INF : -INF, w > 0 ? NAN : INF);
      assertThat(slope(x -> Tensor.of(1.0, INF).lerp(x, w), INF, 1)).containsExactly(w, w);
    }
    assertThat(value(x -> Tensor.of(1.0, INF).lerp(x, 0.6), INF, 1)).containsExactly(NAN, INF);
  }

  @Test
  void marginsThatAreNanCostNothing() {
    Tensor two = Tensor.of(1L, 0L);
    double[] x = {INF, INF, 2, 1, 2, NAN};
    assertThat(value(v -> LabelLosses.multiMarginLoss(v.reshape(2, 3), two, 1, 1, LossReduction.NONE), x)).containsExactly(0, 2 / 3.0);
    assertThat(slope(v -> LabelLosses.multiMarginLoss(v.reshape(2, 3), two, 1, 1, LossReduction.NONE), x))
        .containsExactly(0, 0, 0, -1 / 3.0, 1 / 3.0, 0);
    assertThat(slope(v -> LabelLosses.multiMarginLoss(v.reshape(2, 3), two, 2, 1, LossReduction.NONE), INF, 1, 2, 1, 2, INF))
        .containsExactly(INF, -INF, 4 / 3.0, -INF, 4 / 3.0, INF);
    Tensor weight = Tensor.of(INF, NAN, 1.0);
    assertThat(value(v -> LabelLosses.multiMarginLoss(v.reshape(2, 3), two, 1, 1, weight, LossReduction.NONE), 0, 5, 2, 1, 2, 4))
        .containsExactly(0, INF);
    assertThat(slope(v -> LabelLosses.multiMarginLoss(v.reshape(2, 3), two, 1, 1, weight, LossReduction.NONE), 0, 5, 2, 1, 2, 4))
        .containsExactly(0, 0, 0, -INF, INF, INF);
    Tensor labels = Tensor.of(new long[] {1, -1, 0, 0, 2, -1}, 2, 3);
    assertThat(value(v -> LabelLosses.multilabelMarginLoss(v.reshape(2, 3), labels, LossReduction.NONE), 1, NAN, 2, INF, 2, -INF))
        .containsExactly(0, INF);
    assertThat(slope(v -> LabelLosses.multilabelMarginLoss(v.reshape(2, 3), labels, LossReduction.NONE), 1, NAN, 2, INF, 2, -INF))
        .containsExactly(0, 0, 0, 0, 1 / 3.0, -1 / 3.0);
  }

  @Test
  void histogramsLeaveOutWhatIsNoNumber() {
    assertThat(Tensor.of(NAN, 1, 2, 3, INF).histc(4, 1, 3).toDoubleArray()).containsExactly(1, 0, 1, 1);
    for (double[] range : new double[][] {{0, 0}, {0, INF}, {NAN, 1}, {-INF, INF}, {3, 1}}) {
      assertThatThrownBy(() -> Tensor.of(1, NAN).histc(4, range[0], range[1])).isInstanceOf(ArgumentException.class).hasMessageContaining("range");
    }
  }

  @Test
  void maskedLogarithmsAndMediansOfIntegersKeepTheirType() {
    Tensor x = Tensor.of(new long[] {1, 5, 1, 3, 2, 9}, 2, 3).to(DType.INT8);
    Tensor mask = Tensor.of(true, false, true);
    assertThat(Masked.logSumExp(x, mask, new int[] {1}, false)).returns(DType.INT8, Tensor::dtype)
        .satisfies(y -> assertThat(y.toLongArray()).containsExactly(1, 9));
    assertThat(Masked.logSumExp(x, Tensor.of(false, false, false), new int[] {1}, false).toLongArray()).containsExactly(-126, -126);
    assertThat(Masked.median(x, mask, 1, false)).returns(DType.INT8, Tensor::dtype)
        .satisfies(y -> assertThat(y.toLongArray()).containsExactly(1, 3));
    assertThatThrownBy(() -> Masked.median(x, Tensor.of(false, false, false), 1, false)).isInstanceOf(ArgumentException.class)
        .hasMessageContaining("keeps nothing");
  }

  @Test
  void sumsOfIntegersByEinsum() {
    Tensor x = Tensor.of(100L, 100, 100).to(DType.INT8).expand(3, 3);
    assertThat(Einsum.einsum("ij->", x)).returns(DType.INT64, Tensor::dtype).returns(900.0, Tensor::item);
    assertThat(Einsum.einsum("ij,jk->", x, x)).returns(DType.INT64, Tensor::dtype).returns(270000.0, Tensor::item);
    assertThat(Einsum.einsum("ij,j->j", x, x.select(0, 0))).returns(DType.INT64, Tensor::dtype)
        .satisfies(y -> assertThat(y.toLongArray()).containsExactly(30000, 30000, 30000));
    assertThat(Einsum.einsum("ij,j->i", x, x.select(0, 0)).toLongArray()).containsExactly(48, 48, 48);
    assertThat(Einsum.einsum("ij,ij->ij", x, x).dtype()).isEqualTo(DType.INT8);
    assertThat(Einsum.einsum("ij,jk->ik", x, x).dtype()).isEqualTo(DType.INT8);
    Tensor bool = x.to(DType.BOOL);
    assertThat(Einsum.einsum("ij->ji", bool).dtype()).isEqualTo(DType.BOOL);
    assertThat(Einsum.einsum("ij->j", bool).dtype()).isEqualTo(DType.INT64);
  }

  @Test
  void degreesBeyondAMillionAreRefused() {
    Tensor x = Tensor.of(0.5);
    assertThatThrownBy(() -> Polynomials.legendrePolynomialP(x, 1_000_001)).isInstanceOf(ArgumentException.class)
        .hasMessageStartingWith("legendrePolynomialP: degree 1000001 is above 1000000");
    assertThatThrownBy(() -> Polynomials.chebyshevPolynomialT(x, Tensor.of(1e300))).isInstanceOf(ArgumentException.class)
        .hasMessageStartingWith("chebyshevPolynomialT: degree 9223372036854775807 is above 1000000");
  }
}
