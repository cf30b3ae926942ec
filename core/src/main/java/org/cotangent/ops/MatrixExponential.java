package org.cotangent.ops;

import org.cotangent.CustomFunction;
import org.cotangent.Primitives;
import org.cotangent.Tensor;

/**
 * e^A by scaling and squaring around a Padé approximant of degree 13 (Higham 2005, algorithm 2.3). The derivative in direction E is the
 * block above the diagonal of e^[[A, E], [0, A]] (Najfeld and Havel 1995, theorem 4.6), and its transpose the same of Aᵀ, so that all
 * orders follow.
 */
final class MatrixExponential extends CustomFunction {
  /** Up to this 1-norm the approximant is exact to rounding in double precision (Higham 2005, table 2.3). */
  private static final double REACH = 5.371920351148152;

  /** The approximant's coefficients, that of x⁰ being 1. */
  private static final double[] PADE = coefficients(13);

  private MatrixExponential() {
    super("matrixExp");
  }

  static Tensor of(Tensor a) {
    return new MatrixExponential().apply(a);
  }

  /** c_k = c_(k-1) (q - k + 1) / (k (2 q - k + 1)). */
  private static double[] coefficients(int q) {
    double[] c = new double[q + 2];
    c[0] = 1;
    for (int k = 1; k <= q; k++) {
      c[k] = c[k - 1] * (q - k + 1) / (k * (2.0 * q - k + 1));
    }
    return c;
  }

  @Override
  protected Tensor forward(Context c, Tensor a) {
    c.save(a);
    return a.size() == 0 ? a.copy() : exponential(a);
  }

  /** Each matrix is halved until its norm is within reach, and squared as often. */
  private static Tensor exponential(Tensor a) {
    Tensor norm = a.abs().sum(-2).amax(new int[] {-1}, false);
    Tensor wanted = norm.maskedFill(norm.isFinite().logicalNot(), 0).div(REACH).log2().ceil().clampMin(0);
    Tensor halvings = wanted.unsqueeze(-1).unsqueeze(-1);
    Tensor x = approximant(a.mul(halvings.neg().exp2()));
    int most = (int) wanted.max().item();
    for (int i = 0; i < most; i++) {
      x = Tensor.where(halvings.gt(i), x.matmul(x), x);
    }
    return x;
  }

  /** q(A)⁻¹ p(A), p of odd part u and even part v, q = v - u. */
  private static Tensor approximant(Tensor a) {
    Tensor a2 = a.matmul(a);
    Tensor a4 = a2.matmul(a2);
    Tensor a6 = a4.matmul(a2);
    Tensor u = a.matmul(half(a2, a4, a6, 1));
    Tensor v = half(a2, a4, a6, 0);
    return Primitives.solve(v.sub(u), v.add(u));
  }

  /** The terms of every second coefficient from {@code first} on, as a polynomial in A². */
  private static Tensor half(Tensor a2, Tensor a4, Tensor a6, int first) {
    Tensor high = a2.mul(PADE[first + 8]).add(a4.mul(PADE[first + 10])).add(a6.mul(PADE[first + 12]));
    Tensor low = Linalg.identity(a2).mul(PADE[first]).add(a2.mul(PADE[first + 2])).add(a4.mul(PADE[first + 4]));
    return a6.matmul(high).add(low).add(a6.mul(PADE[first + 6]));
  }

  /** The derivative at a in direction e. */
  private static Tensor derivative(Tensor a, Tensor e) {
    int n = a.size(-1);
    Tensor upper = Tensor.cat(-1, a, e);
    Tensor lower = Tensor.cat(-1, Tensor.zerosLike(a), a);
    return of(Tensor.cat(-2, upper, lower)).narrow(-2, 0, n).narrow(-1, n, n);
  }

  @Override
  protected Tensor vjp(Context c, Tensor ct) {
    return derivative(c.saved(0).mT(), ct);
  }

  @Override
  protected boolean hasJvp() {
    return true;
  }

  @Override
  protected Tensor[] jvp(Context c, Tensor[] tangents) {
    return new Tensor[] {derivative(c.saved(0), tangents[0])};
  }

  @Override
  protected boolean hasBatch() {
    return true;
  }

  @Override
  protected Tensor[] batch(Context c, int n, Tensor[] xs, boolean[] mapped) {
    c.save(xs[0]);
    return new Tensor[] {of(xs[0])};
  }
}
