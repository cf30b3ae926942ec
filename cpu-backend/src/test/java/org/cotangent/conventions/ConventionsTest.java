package org.cotangent.conventions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.conventions.Points.slope;
import static org.cotangent.conventions.Points.value;

import org.assertj.core.data.Offset;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.TensorArithmetic.Rounding;
import org.cotangent.TensorScatter.Combination;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.MatrixException;
import org.cotangent.ops.Activations;
import org.cotangent.ops.Distances;
import org.cotangent.ops.Einsum;
import org.cotangent.ops.LabelLosses;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;
import org.cotangent.ops.Masked;
import org.cotangent.ops.Polynomials;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;
import org.cotangent.ops.Segments;
import org.junit.jupiter.api.Test;

/** What functions do where mathematics leaves a choice: as PyTorch does. */
class ConventionsTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void tiesOfExtremes() {
    double third = 1.0 / 3;
    assertThat(slope(Tensor::max, 2, 1, 2, 2)).as("max of all shares evenly").containsExactly(third, 0, third, third);
    assertThat(slope(Tensor::min, 1, 2, 1, 3)).as("min of all").containsExactly(0.5, 0, 0.5, 0);
    assertThat(slope(x -> x.amax(new int[] {0}, false), 2, 1, 2, 2)).as("amax").containsExactly(third, 0, third, third);
    assertThat(slope(x -> x.amin(new int[] {0}, false), 1, 2, 1, 3)).as("amin").containsExactly(0.5, 0, 0.5, 0);
    assertThat(slope(x -> x.max(0).values(), 1, 2, 2, 0)).as("max of an axis picks one").containsExactly(0, 1, 0, 0);
    assertThat(slope(x -> x.min(0).values(), 1, 0, 2, 0)).as("min of an axis").containsExactly(0, 1, 0, 0);
    assertThat(slope(x -> x.maximum(Tensor.of(1.0, 1.0, 1.0)), 0, 1, 2)).as("maximum gives halves").containsExactly(0, 0.5, 1);
    assertThat(slope(x -> x.minimum(Tensor.of(1.0, 1.0, 1.0)), 0, 1, 2)).as("minimum").containsExactly(1, 0.5, 0);
  }

  @Test
  void tiesOfLosses() {
    Tensor first = Tensor.of(0L);
    assertThat(slope(x -> LabelLosses.multiMarginLoss(x, first, 1, 1, LossReduction.SUM), 2, 1, 1.5)).as("just at the margin")
        .containsExactly(-1.0 / 3, 0, 1.0 / 3);
    assertThat(slope(x -> LabelLosses.multilabelMarginLoss(x, Tensor.of(0L, -1L, 0L), LossReduction.SUM), 2, 1, 1.5))
        .containsExactly(-1.0 / 3, 0, 1.0 / 3);
    assertThat(slope(x -> Distances.pdist(x.reshape(2, 2), INF), 1, 5, 3, 3)).as("each largest difference has the whole slope")
        .containsExactly(-1, 1, 1, -1);
    assertThat(slope(x -> Distances.cdist(x.reshape(1, 2), Tensor.of(new double[] {3, 3}, 1, 2), INF), 1, 5)).containsExactly(-1, 1);
    assertThat(slope(x -> Segments.segmentReduce(x, Tensor.of(2L, 1L), 0, Combination.AMAX, 3), 3, 1, 2)).as("none for the initial number")
        .containsExactly(1, 0, 0);
    for (double[] at : new double[][] {{1, 1, 0}, {0, 0, 0}, {1, 0, 1 / (double) 1e-12f}, {0, 1, -1 / (double) 1e-12f}, {0.5, 0.3, 0.8}}) {
      assertThat(slope(x -> Losses.binaryCrossEntropy(x, Tensor.of(at[1])), at[0])[0]).as("cross entropy at %s, %s", at[0], at[1])
          .isCloseTo(at[2], Offset.offset(1e-12 * (1 + Math.abs(at[2]))));
    }
  }

  @Test
  void whatAConditionLeavesOutGetsNoGradient() {
    Tensor none = Tensor.of(false, false);
    Tensor first = Tensor.of(true, false);
    assertThat(slope(x -> Tensor.where(first, x, Tensor.of(0.0)).mul(Tensor.of(1, NAN)), 1, 2)).as("though NaN comes back").containsExactly(1, 0);
    assertThat(slope(x -> x.relu().mul(Tensor.of(INF, 2)), -1, 2)).containsExactly(0, 2);
    assertThat(slope(x -> x.maskedFill(none.not(), -INF).softmax(0), 1, 2)).as("a row of which nothing is kept").containsExactly(0, 0);
    assertThat(slope(x -> Masked.mean(x, none, new int[] {0}, false), 1, 2)).containsExactly(0, 0);
    double[] tangent = Autograd.jvp((Tensor x) -> Tensor.where(first, x, Tensor.of(0.0)), Tensor.of(1.0, 2.0), Tensor.of(1, NAN)).tangent().toDoubleArray();
    assertThat(tangent).containsExactly(1, 0);
  }

  @Test
  void factorsOfCholeskyCountAsMatrices() {
    Tensor b = Tensor.of(1.0, 2.0).reshape(2, 1);
    double[] g = Autograd.grad(l -> Linalg.choleskySolve(b, l, false).sum()).apply(Tensor.of(2.0, 0, 1, 3).reshape(2, 2)).toDoubleArray();
    double[] whole = Autograd.grad(l -> Linalg.solve(l.matmul(l.mT()), b).sum()).apply(Tensor.of(2.0, 0, 1, 3).reshape(2, 2)).toDoubleArray();
    for (int i = 0; i < g.length; i++) {
      assertThat(g[i]).as("element %s", i).isCloseTo(whole[i], Offset.offset(1e-14));
    }
    assertThat(Linalg.choleskySolve(b, Tensor.of(2.0, 9, 1, 3).reshape(2, 2), false).toDoubleArray()).as("the other triangle is not read")
        .isEqualTo(Linalg.choleskySolve(b, Tensor.of(2.0, 0, 1, 3).reshape(2, 2), false).toDoubleArray());
  }

  @Test
  void integersStay() {
    Tensor x = Tensor.of(new long[] {4, 7, 5, -1, -2, -6}, 1, 6);
    Tensor mean = Pooling.avgPool1d(x, PoolOptions.of(3));
    assertThat(mean.dtype()).isEqualTo(DType.INT64);
    assertThat(mean.toLongArray()).as("without their fractions").containsExactly(5, -3);
    Tensor bytes = Tensor.of(100L, 100L, 100L).to(DType.INT8);
    assertThat(Einsum.einsum("i->", bytes).itemLong()).as("a sum of integers is int64").isEqualTo(300);
    assertThat(Einsum.einsum("i,i->i", bytes, bytes.sign()).dtype()).isEqualTo(DType.INT8);
  }

  @Test
  void degreesOfPolynomials() {
    Tensor n = Tensor.of(2.0, -1.0, INF, -INF, NAN);
    assertThat(Polynomials.chebyshevPolynomialT(Tensor.of(3.0), n).toDoubleArray()).containsExactly(17, 0, 0, 0, 0);
    assertThat(Polynomials.laguerrePolynomialL(Tensor.of(true, false), 1).toDoubleArray()).containsExactly(0, 1);
    assertThat(Polynomials.laguerrePolynomialL(Tensor.of(3L).to(DType.UINT8), 1).toDoubleArray()).containsExactly(-2);
  }

  @Test
  void limitsKeepIntegers() {
    Tensor x = Tensor.of(-3L, 0L, 2L, 9L);
    Tensor y = Activations.hardtanh(x, -1.5, 2.5);
    assertThat(y.dtype()).isEqualTo(DType.INT64);
    assertThat(y.toLongArray()).containsExactly(-1, 0, 2, 2);
    assertThat(Activations.hardtanh(x, 3, 1).toLongArray()).as("low above high").containsExactly(1, 1, 1, 1);
    assertThat(Activations.relu6(x.to(DType.INT8)).dtype()).isEqualTo(DType.INT8);
    assertThat(Activations.relu6(x).toLongArray()).containsExactly(0, 0, 2, 6);
    assertThatThrownBy(() -> Activations.hardtanh(x.to(DType.UINT8), -1, 1)).isInstanceOf(DTypeException.class)
        .hasMessage("hardtanh: uint8 cannot be limited to [-1.0, 1.0]; convert with to(dtype)");
    assertThatThrownBy(() -> Activations.relu6(x.gt(0))).isInstanceOf(DTypeException.class);
  }

  @Test
  void rangesOfIntegersDropFractions() {
    assertThat(Tensor.arange(0.5, 4.9, 1.7, DType.INT64).toLongArray()).as("the count too").containsExactly(0, 1, 2, 3);
    assertThat(Tensor.arange(0.5, 4.9, 1.7, DType.INT32).to(DType.INT64).toLongArray()).as("the count not").containsExactly(0, 1, 2);
    assertThat(Tensor.arange(1, 5.000001, 2, DType.INT64).toLongArray()).containsExactly(1, 3);
    assertThatThrownBy(() -> Tensor.arange(0, 2, 0.5, DType.INT32)).isInstanceOf(ArgumentException.class).hasMessageContaining("no finite range of int32");
    assertThatThrownBy(() -> Tensor.arange(5, 1, 1)).isInstanceOf(ArgumentException.class)
        .hasMessage("arange: steps of 1 do not lead from 5 to 1");
    assertThatThrownBy(() -> Tensor.arange(5.0, 1.0, 0.5)).isInstanceOf(ArgumentException.class)
        .hasMessage("arange: steps of 0.5 do not lead from 5.0 to 1.0");
  }

  @Test
  void subgradients() {
    assertThat(slope(Tensor::abs, -1, 0, 1)).containsExactly(-1, 0, 1);
    assertThat(slope(Tensor::norm, 0, 0)).as("norm at 0").containsExactly(0, 0);
    assertThat(slope(x -> x.norm(1, 0), 0, 2)).as("1-norm").containsExactly(0, 1);
    for (double p : new double[] {0.5, 1.5, 2, 3}) {
      assertThat(slope(x -> x.norm(p, 0), 0, 2)).as("%s-norm beside 0", p).containsExactly(new double[] {0, 1}, Offset.offset(1e-15));
      assertThat(slope(x -> x.norm(p, 0), 0, 0)).as("%s-norm at 0", p).containsExactly(0, 0);
    }
    assertThat(slope(x -> x.clamp(-1, 1), -2, -1, 0, 1, 2)).as("clamp passes at its bounds").containsExactly(0, 1, 1, 1, 0);
    assertThat(slope(x -> Activations.hardtanh(x, -1, 1), -2, -1, 0, 1, 2)).as("hardtanh does not").containsExactly(0, 0, 1, 0, 0);
    assertThat(slope(Activations::relu6, -1, 0, 3, 6, 7)).as("relu6 neither").containsExactly(0, 0, 1, 0, 0);
    assertThat(slope(Tensor::relu, -1, 0, 1)).containsExactly(0, 0, 1);
    assertThat(slope(Tensor::sign, -1, 0, 1)).containsExactly(0, 0, 0);
  }

  @Test
  void secondDerivativeOfNormsAtZero() {
    Tensor second = Autograd.grad(v -> Autograd.grad(x -> x.norm()).apply(v).sum()).apply(Tensor.of(0.0, 0.0));
    assertThat(second.toDoubleArray()).as("0, where PyTorch has NaN").containsExactly(0, 0);
  }

  @Test
  void numbersThatAreNotFiniteGoOn() {
    assertThat(value(Tensor::max, 1, NAN, 3)).containsExactly(NAN);
    assertThat(value(x -> x.maximum(Tensor.of(1.0, NAN)), NAN, 2)).containsExactly(NAN, NAN);
    assertThat(value(x -> x.fmax(Tensor.of(1.0, NAN)), NAN, 2)).as("fmax prefers numbers").containsExactly(1, 2);
    assertThat(value(x -> x.clamp(-1, 1), NAN, INF, -INF)).containsExactly(NAN, 1, -1);
    assertThat(value(Tensor::relu, NAN, -INF)).containsExactly(NAN, 0);
    assertThat(value(x -> x.cummax(0).values(), 1, NAN, 3)).containsExactly(1, NAN, NAN);
    assertThat(value(x -> x.sort(0).values(), NAN, 1, INF)).as("NaN is the largest").containsExactly(1, INF, NAN);
    assertThat(value(x -> x.mul(0), INF, NAN)).as("0 times infinity is not 0").containsExactly(NAN, NAN);
    assertThat(value(Tensor::sign, NAN, -INF)).containsExactly(0, -1);
  }

  @Test
  void largeInputs() {
    assertThat(value(x -> x.softmax(0), 1000, 1000)).containsExactly(0.5, 0.5);
    assertThat(value(x -> x.logSoftmax(0), -1e4, 1e4)).containsExactly(-2e4, 0);
    assertThat(value(x -> x.logSumExp(new int[] {0}, false), 1000, 1000)).containsExactly(1000 + Math.log(2));
    assertThat(value(x -> x.logSumExp(new int[] {0}, false), -INF, -INF)).containsExactly(-INF);
    assertThat(value(Tensor::logSigmoid, -1000, 1000)).containsExactly(-1000, 0);
    assertThat(slope(Tensor::logSigmoid, -1000, 1000)).containsExactly(1, 0);
    Tensor loss = Losses.crossEntropy(Tensor.of(new double[][] {{1e4, -1e4}}), Tensor.of(1L));
    assertThat(loss.item()).isEqualTo(2e4);
  }

  @Test
  void signsOfIntegerDivision() {
    Tensor x = Tensor.of(7L, -7L, 7L, -7L);
    Tensor y = Tensor.of(2L, 2L, -2L, -2L);
    assertThat(x.floorDivide(y).toLongArray()).as("rounded down").containsExactly(3, -4, -4, 3);
    assertThat(x.div(y, Rounding.TRUNC).toLongArray()).as("rounded to 0").containsExactly(3, -3, -3, 3);
    assertThat(x.remainder(y).toLongArray()).as("sign of the divisor").containsExactly(1, 1, -1, -1);
    assertThat(x.fmod(y).toLongArray()).as("sign of the dividend").containsExactly(1, -1, 1, -1);
    assertThat(x.div(y).dtype()).as("/ leaves the integers").isEqualTo(DType.FLOAT32);
    assertThat(value(v -> v.remainder(2.5), -1, 6)).containsExactly(1.5, 1);
  }

  @Test
  void promotion() {
    Tensor whole = Tensor.of(1L, 2L);
    Tensor half = Tensor.of(1.0, 2.0).to(DType.FLOAT16);
    assertThat(whole.add(half).dtype()).as("a higher category wins").isEqualTo(DType.FLOAT16);
    assertThat(half.add(half.to(DType.BFLOAT16)).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(half.add(Tensor.scalar(1.0)).dtype()).as("a scalar tensor yields").isEqualTo(DType.FLOAT16);
    assertThat(whole.add(1.5).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(whole.to(DType.INT8).add(300L).dtype()).as("numbers are weak").isEqualTo(DType.INT8);
    assertThat(whole.to(DType.UINT8).add(whole.to(DType.INT8)).dtype()).isEqualTo(DType.INT16);
    assertThat(whole.to(DType.INT32).sum().dtype()).as("sums of integers").isEqualTo(DType.INT64);
    assertThat(whole.gt(1).sum().dtype()).isEqualTo(DType.INT64);
  }

  @Test
  void writesToElementsThatShareAPlaceAreRefused() {
    Tensor x = Tensor.of(1.0, 2.0);
    assertThatThrownBy(() -> x.expand(2, 2).mul_(2)).isInstanceOf(InPlaceException.class).hasMessageContaining("share one place");
    assertThat(x.toDoubleArray()).containsExactly(1, 2);
  }

  @Test
  void singularMatricesAreNamed() {
    Tensor regular = Tensor.eye(2).to(DType.FLOAT64);
    Tensor singular = Tensor.of(new double[][] {{1, 2}, {2, 4}});
    Tensor batch = Tensor.stack(0, regular, regular, singular);
    assertThatThrownBy(() -> Linalg.inv(batch).toArray()).isInstanceOf(MatrixException.class)
        .hasMessage("inv: matrix 2 of 3 is singular: pivot 2 is 0, so it has no inverse");
    assertThatThrownBy(() -> Linalg.solve(batch, Tensor.ones(3, 2, 1).to(DType.FLOAT64)).toArray()).isInstanceOf(MatrixException.class)
        .hasMessageContaining("matrix 2 of 3").hasMessageContaining("pivot 2");
    assertThatThrownBy(() -> Linalg.cholesky(Tensor.stack(0, regular, singular.neg())).toArray()).isInstanceOf(MatrixException.class)
        .hasMessageContaining("matrix 1 of 2").hasMessageContaining("order 1");
  }
}
