package org.cotangent.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.GradCheck;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.MatrixException;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.MatrixFunctions;
import org.cotangent.ops.RankOptions;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class CompositionsTest {
  private static Tensor numbers(long seed, int... shape) {
    return Tensor.of(DType.FLOAT64, Shape.of(shape), new Random(seed).doubles(Shape.of(shape).size(), -1, 1).toArray());
  }

  private static Tensor eye(int n) {
    return Tensor.eye(n).to(DType.FLOAT64);
  }

  private static void close(Tensor got, Tensor want) {
    assertThat(got.shape()).isEqualTo(want.shape());
    assertThat(got.detach().toDoubleArray()).containsExactly(want.detach().toDoubleArray(), Offset.offset(1e-9));
  }

  @Test
  void exponentials() {
    Tensor a = numbers(1, 4, 4).mul(3);
    close(MatrixFunctions.matrixExp(a).matmul(MatrixFunctions.matrixExp(a.neg())), eye(4));
    Tensor quarter = Tensor.of(new double[][] {{0, -Math.PI / 2}, {Math.PI / 2, 0}});
    close(MatrixFunctions.matrixExp(quarter), Tensor.of(new double[][] {{0, -1}, {1, 0}}));
    assertThat(MatrixFunctions.matrixExp(Tensor.of(new double[][] {{-700, 0}, {0, 1}})).get(1, 1).item()).isCloseTo(Math.E, Offset.offset(1e-12));
    assertThat(MatrixFunctions.matrixExp(eye(2).mul(Double.NaN)).get(0, 0).item()).isNaN();
    GradCheck.gradgradcheck((Tensor v) -> MatrixFunctions.matrixExp(v), numbers(2, 3, 3));
  }

  /** Each matrix of a batch is scaled by itself, so that it has the same bits alone. */
  @Test
  void anExponentialDoesNotDependOnItsNeighbours() {
    Tensor both = Tensor.stack(numbers(3, 3, 3), numbers(4, 3, 3).mul(40));
    Tensor y = MatrixFunctions.matrixExp(both);
    for (int i = 0; i < 2; i++) {
      assertThat(y.get(i).toDoubleArray()).containsExactly(MatrixFunctions.matrixExp(both.get(i)).toDoubleArray());
    }
    Tensor mapped = Autograd.vmap(v -> MatrixFunctions.matrixExp(v)).apply(both);
    assertThat(mapped.toDoubleArray()).containsExactly(y.toDoubleArray());
  }

  @Test
  void pseudoinversesOfDeficientMatrices() {
    Tensor a = numbers(5, 2, 4, 2).matmul(numbers(6, 2, 2, 5));
    Tensor p = Linalg.pinv(a);
    close(a.matmul(p).matmul(a), a);
    close(p.matmul(a).matmul(p), p);
    close(a.matmul(p).mT(), a.matmul(p));
    assertThat(MatrixFunctions.matrixRank(a, RankOptions.DEFAULT).toLongArray()).containsExactly(2, 2);
    GradCheck.gradgradcheck((List<Tensor> v) -> Linalg.pinv(v.get(0).matmul(v.get(1).t())), List.of(numbers(7, 4, 1), numbers(8, 3, 1)));
    Tensor symmetric = numbers(9, 3, 1).matmul(numbers(9, 3, 1).t());
    close(Linalg.pinv(symmetric, RankOptions.DEFAULT.symmetric(true)), Linalg.pinv(symmetric));
  }

  @Test
  void leastSquaresSolveTheNormalEquations() {
    Tensor a = numbers(10, 6, 3);
    Tensor b = numbers(11, 6, 2);
    var r = Linalg.lstsq(a, b);
    close(r.solution(), Linalg.solve(a.t().matmul(a), a.t().matmul(b)));
    close(r.residuals(), a.matmul(r.solution()).sub(b).square().sum(0));
    assertThat(r.rank().itemLong()).isEqualTo(3);
    Tensor wide = numbers(12, 2, 4);
    Tensor x = Linalg.lstsq(wide, numbers(13, 2, 1)).solution();
    close(wide.matmul(x), numbers(13, 2, 1));
    close(x, wide.t().matmul(Linalg.solve(wide.matmul(wide.t()), numbers(13, 2, 1))));
    GradCheck.gradgradcheck((List<Tensor> v) -> Linalg.lstsq(v.get(0), v.get(1)).solution(), List.of(a, b));
  }

  @Test
  void equalEigenvaluesHaveDerivativesAndTheirVectorsHaveNot() {
    Tensor g = Autograd.grad(v -> Linalg.eigvalsh(v, false).sum()).apply(eye(3));
    close(g, eye(3));
    Tensor w = Autograd.grad(v -> Linalg.eigh(v, false).vectors().mul(numbers(14, 3, 3)).sum()).apply(eye(3));
    assertThat(w.isFinite().all().itemLong()).isZero();
  }

  /** Inside vmap the numbers cannot be read; regular matrices are still differentiated by their pivots. */
  @Test
  void mappedHessiansOfDeterminants() {
    Tensor singular = Tensor.of(new double[][] {{1, 2, 3}, {2, 4, 6}, {1, 0, 1}});
    Tensor all = Tensor.stack(eye(3), numbers(15, 3, 3), singular);
    Tensor h = Autograd.vmap(v -> Autograd.hessian(Linalg::det).apply(v)).apply(all);
    for (int i = 0; i < 3; i++) {
      close(h.get(i), Autograd.hessian(m -> cofactors(m)).apply(all.get(i)));
    }
  }

  private static Tensor cofactors(Tensor m) {
    Tensor r = m.select(0, 0);
    return r.mul(m.select(0, 1).cross(m.select(0, 2))).sum();
  }

  @Test
  void columnsThatCompleteABasisHaveNoDerivative() {
    Tensor a = numbers(16, 4, 2).requiresGrad_();
    var f = Linalg.qr(a, Linalg.QrMode.COMPLETE);
    close(f.q().matmul(f.r()), a);
    assertThat(f.q().shape()).isEqualTo(Shape.of(4, 4));
    assertThatThrownBy(() -> f.q().sum().backward()).isInstanceOf(GradientException.class).hasMessageContaining("complete Q");
    Tensor g = Autograd.grad(v -> Linalg.qr(v, Linalg.QrMode.COMPLETE).r().square().sum()).apply(a.detach());
    close(g, a.detach().mul(2));
    GradCheck.gradgradcheck((Tensor v) -> Linalg.qr(v).q(), a.detach());
    GradCheck.gradgradcheck((List<Tensor> v) -> Linalg.householderProduct(v.get(0), v.get(1)), List.of(numbers(17, 4, 3), numbers(18, 2)));
  }

  @Test
  void whatIsSingularIsNamed() {
    Tensor bad = Tensor.stack(eye(2), Tensor.of(new double[][] {{1, 2}, {2, 4}}), Tensor.of(new double[][] {{1, 2}, {2, 1}}));
    assertThatThrownBy(() -> Linalg.luFactor(bad)).isInstanceOf(MatrixException.class)
        .hasMessage("luFactor: matrix 1 of 3 is singular: pivot 2 is 0, so it has no inverse");
    assertThat(Linalg.invEx(bad).info().toLongArray()).containsExactly(0, 2, 0);
    assertThat(Linalg.luInfo(Linalg.luFactorEx(bad)).toLongArray()).containsExactly(0, 2, 0);
    assertThat(Linalg.choleskyEx(bad, false).info().toLongArray()).containsExactly(0, 2, 2);
    assertThat(MatrixFunctions.cond(bad, 1).toDoubleArray()).containsExactly(1, Double.POSITIVE_INFINITY, 3);
    assertThatThrownBy(() -> Linalg.eigh(eye(2).mul(Double.NaN), false)).isInstanceOf(MatrixException.class)
        .hasMessageStartingWith("eigh: the matrix has no eigenvalues: it contains non-finite values");
  }
}
