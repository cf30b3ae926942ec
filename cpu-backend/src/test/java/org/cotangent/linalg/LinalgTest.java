package org.cotangent.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.GradCheck;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.MatrixException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.MatrixNorms;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class LinalgTest {
  private static final Tensor SINGULAR = Tensor.of(new double[][] {{1, 2, 3}, {2, 4, 6}, {1, 0, 1}});

  private static Tensor numbers(long seed, int... shape) {
    return Tensor.of(DType.FLOAT64, Shape.of(shape), new Random(seed).doubles(Shape.of(shape).size(), -1, 1).toArray());
  }

  private static Tensor eye(int n) {
    return Tensor.eye(n).to(DType.FLOAT64);
  }

  private static Tensor positive(long seed, int... shape) {
    Tensor a = numbers(seed, shape);
    return a.matmul(a.transpose(-2, -1)).add(eye(a.size(-1)));
  }

  private static void close(Tensor got, Tensor want) {
    assertThat(got.shape()).isEqualTo(want.shape());
    assertThat(got.detach().toDoubleArray()).containsExactly(want.detach().toDoubleArray(), org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void factorsMultiplyToTheMatrix() {
    Tensor a = positive(1, 2, 4, 4);
    Tensor l = Linalg.cholesky(a);
    close(l.matmul(l.transpose(-2, -1)), a);
    Tensor u = Linalg.cholesky(a, true);
    close(u.transpose(-2, -1).matmul(u), a);
    assertThat(l.get(0, 0, 1).item()).isZero();
    close(a.matmul(Linalg.choleskySolve(numbers(2, 4, 3), l, false)), numbers(2, 4, 3).expand(2, 4, 3));
    close(Linalg.choleskyInverse(u, true), Linalg.inv(a));
    Tensor wide = numbers(3, 2, 3, 5);
    Linalg.Singular s = Linalg.svd(wide, false);
    close(s.u().mul(s.s().unsqueeze(-2)).matmul(s.vt()), wide);
    close(s.vt().matmul(s.vt().transpose(-2, -1)), eye(3).expand(2, 3, 3));
  }

  @Test
  void rowsAreExchanged() {
    for (int[] shape : new int[][] {{3, 5, 5}, {2, 6, 3}, {2, 3, 6}}) {
      Tensor a = numbers(4, shape);
      Linalg.Plu f = Linalg.lu(a);
      close(f.p().matmul(f.l()).matmul(f.u()), a);
      Linalg.LuFactors c = Linalg.luFactor(a);
      Linalg.Plu g = Linalg.luUnpack(c);
      close(g.p(), f.p());
      close(g.l(), f.l());
      close(g.u(), f.u());
    }
  }

  @Test
  void solutionsSolve() {
    Tensor a = numbers(5, 3, 4, 4);
    Tensor b = numbers(6, 4, 2);
    close(a.matmul(Linalg.solve(a, b)), b.expand(3, 4, 2));
    Tensor c = numbers(7, 2, 4);
    close(Linalg.solve(a, c, false).matmul(a), c.expand(3, 2, 4));
    Tensor v = numbers(8, 3, 4);
    close(a.matmul(Linalg.solve(a, v).unsqueeze(-1)).squeeze(-1), v);
    close(a.matmul(Linalg.inv(a)), eye(4).expand(3, 4, 4));
    Tensor t = positive(9, 4, 4);
    close(Linalg.solveTriangular(t, b, true, true, true), Linalg.solve(upper(t, true), b));
    close(Linalg.solveTriangular(t, c, false, false, false).matmul(upper(t, false).t()), c);
  }

  /** The upper triangle of a symmetric matrix. */
  private static Tensor upper(Tensor a, boolean unit) {
    double[] m = a.toDoubleArray();
    int n = a.size(0);
    for (int k = 0; k < m.length; k++) {
      m[k] = k / n > k % n ? 0 : k / n == k % n && unit ? 1 : m[k];
    }
    return Tensor.of(m, n, n);
  }

  @Test
  void determinants() {
    Tensor a = numbers(10, 2, 3, 3);
    double[] m = a.get(1).toDoubleArray();
    double det = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
    close(Linalg.det(a).get(1), Tensor.scalar(det));
    close(Linalg.slogdet(a).logAbs().get(1), Tensor.scalar(Math.log(Math.abs(det))));
    assertThat(Linalg.slogdet(a).sign().get(1).item()).isEqualTo(Math.signum(det));
    assertThat(Linalg.det(Tensor.zeros(0, 0)).item()).isEqualTo(1);
    assertThat(Linalg.logdet(eye(2).neg().matmul(eye(2))).item()).isZero();
    assertThat(Linalg.logdet(Tensor.of(new double[][] {{-1, 0}, {0, 1}})).item()).isNaN();
  }

  /** The gradient of a determinant is the matrix of cofactors, of a singular matrix too. */
  @Test
  void gradientOfASingularDeterminant() {
    double[] cofactors = {4, 4, -4, -2, -2, 2, 0, 0, 0};
    Tensor g = Autograd.grad(Linalg::det).apply(SINGULAR);
    close(g, Tensor.of(cofactors, 3, 3));
    close(Autograd.vmap(Autograd.grad(Linalg::det)).apply(Tensor.stack(SINGULAR, SINGULAR)).get(1), Tensor.of(cofactors, 3, 3));
    Tensor h = Autograd.hessian(Linalg::det).apply(SINGULAR);
    assertThat(h.get(0, 0, 1, 1).item()).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(h.get(0, 1, 1, 0).item()).isCloseTo(-1, org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void derivativesOfTwoOrdersAreThoseOfDifferences() {
    Tensor a = positive(11, 3, 3);
    Tensor batch = positive(12, 2, 3, 3);
    Tensor b = numbers(13, 3, 2);
    GradCheck.gradgradcheck((Tensor v) -> Linalg.cholesky(v.add(v.t())), a);
    GradCheck.gradgradcheck((Tensor v) -> Linalg.inv(v), batch);
    GradCheck.gradgradcheck((Tensor v) -> Linalg.det(v), batch);
    GradCheck.gradgradcheck((Tensor v) -> Linalg.slogdet(v).logAbs(), a);
    GradCheck.gradgradcheck((Tensor v) -> Linalg.luFactor(v).factors(), a);
    GradCheck.gradgradcheck((Tensor v) -> Linalg.svdvals(v), numbers(14, 3, 2));
    GradCheck.gradcheck((Tensor v) -> reconstructed(v, 1), numbers(15, 4, 2));
    GradCheck.gradcheck((Tensor v) -> reconstructed(v, 1), numbers(16, 2, 4));
    GradCheck.gradgradcheck((List<Tensor> v) -> Linalg.solve(v.get(0), v.get(1)), List.of(batch, b));
    GradCheck.gradgradcheck((List<Tensor> v) -> Linalg.solve(v.get(0), v.get(1).t(), false), List.of(a, b));
    GradCheck.gradgradcheck((List<Tensor> v) -> Linalg.solveTriangular(v.get(0), v.get(1), true, true, false), List.of(a, b));
    GradCheck.gradgradcheck((List<Tensor> v) -> Linalg.solveTriangular(v.get(0), v.get(1).t(), false, false, true), List.of(a, b));
  }

  /** U diag(S^p) Vᵀ, which does not depend on the signs of the vectors. */
  private static Tensor reconstructed(Tensor a, double p) {
    Linalg.Singular f = Linalg.svd(a, false);
    return f.u().mul(f.s().add(1).pow(p + 1).unsqueeze(-2)).matmul(f.vt());
  }

  @Test
  void oneMatrixForManyRightHandSidesIsFactoredOnce() {
    Tensor a = positive(17, 3, 3);
    Tensor b = numbers(18, 5, 3, 2);
    close(Autograd.vmap(v -> Linalg.solve(a, v)).apply(b), Linalg.solve(a, b));
    Tensor as = positive(19, 4, 3, 3);
    close(Autograd.vmap(v -> Linalg.solve(v, b.get(0))).apply(as), Linalg.solve(as, b.get(0)));
  }

  @Test
  void norms() {
    Tensor a = Tensor.of(new double[][] {{3, 0}, {4, -5}});
    assertThat(MatrixNorms.matrixNorm(a, 1, new int[] {0, 1}, false).item()).isEqualTo(7);
    assertThat(MatrixNorms.matrixNorm(a, Double.POSITIVE_INFINITY, new int[] {0, 1}, false).item()).isEqualTo(9);
    assertThat(MatrixNorms.matrixNorm(a, -1, new int[] {0, 1}, false).item()).isEqualTo(5);
    close(MatrixNorms.matrixNorm(a, 2, new int[] {0, 1}, false), Tensor.scalar(Math.sqrt(45)));
    close(MatrixNorms.matrixNorm(a, -2, new int[] {0, 1}, true), Tensor.of(new double[][] {{Math.sqrt(5)}}));
    close(MatrixNorms.matrixNorm(a, MatrixNorms.Kind.NUC, new int[] {0, 1}, false), Tensor.scalar(Math.sqrt(45) + Math.sqrt(5)));
    close(MatrixNorms.matrixNorm(a, MatrixNorms.Kind.FRO, new int[] {0, 1}, false), Tensor.scalar(Math.sqrt(50)));
    assertThat(MatrixNorms.vectorNorm(a, 0, new int[0], false).item()).isEqualTo(3);
    close(MatrixNorms.vectorNorm(a, -1, new int[] {1}, false), Tensor.of(0, 1 / (0.25 + 0.2)));
    Tensor z = numbers(1, 2).sub(numbers(1, 2)).requiresGrad_();
    MatrixNorms.vectorNorm(z, 0.5, new int[0], false).backward();
    close(z.grad(), Tensor.of(0.0, 0));
  }

  @Test
  void chainsAreMultipliedInAnyOrder() {
    Tensor a = numbers(1, 2, 9);
    Tensor b = numbers(2, 9, 3);
    Tensor c = numbers(3, 3, 7);
    close(Linalg.multiDot(a, b, c), a.matmul(b).matmul(c));
    close(Linalg.multiDot(a.get(0), b, c, numbers(4, 7)), a.get(0).matmul(b).matmul(c).dot(numbers(4, 7)));
    close(Linalg.vecdot(a, a, 1), a.mul(a).sum(1));
  }

  @Test
  void refusals() {
    Tensor bad = Tensor.stack(eye(2), Tensor.of(new double[][] {{1, 2}, {2, 1}}));
    assertThatThrownBy(() -> Linalg.cholesky(bad).toArray()).isInstanceOf(MatrixException.class)
        .hasMessage("cholesky: matrix 1 of 2 is not positive-definite: the leading minor of order 2 is not positive");
    assertThatThrownBy(() -> Linalg.inv(Tensor.of(new double[][] {{1, 2}, {2, 4}}))).isInstanceOf(MatrixException.class)
        .hasMessage("inv: the matrix is singular: pivot 2 is 0, so it has no inverse");
    assertThatThrownBy(() -> Linalg.det(numbers(1, 2, 3))).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Linalg.inv(Tensor.eye(2).to(DType.INT64))).isInstanceOf(DTypeException.class);
    assertThatThrownBy(() -> Linalg.solve(eye(3), numbers(1, 2, 2))).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Linalg.svdvals(eye(2).mul(Double.NaN))).isInstanceOf(MatrixException.class);
    assertThatThrownBy(() -> Linalg.multiDot(eye(2))).isInstanceOf(ShapeException.class);
  }
}
