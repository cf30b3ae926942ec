package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.CustomFunction;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.MatrixException;
import org.cotangent.errors.ShapeException;

/**
 * A = P L D Lᵀ Pᵀ of symmetric matrices that need not be positive definite: L has ones on its diagonal, D blocks of one or two rows (Bunch
 * and Kaufman 1977), in the compact form of LAPACK's sytrf. The lower triangle is read. Computed on the host in float64.
 */
public final class SymmetricFactors {
  private static final double ALPHA = (1 + Math.sqrt(17)) / 8;

  private SymmetricFactors() {}

  /**
   * L and D in one lower triangle [..., n, n], the row, from 1, with which each was exchanged [..., n], int32, negative for both rows of a
   * block of two; and for each matrix 0 or the place, from 1, of a block of exactly 0 [...], int32.
   */
  public record Ldl(Tensor factors, Tensor pivots, Tensor info) {}

  /**
   * The factors of [..., n, n]. They have no derivative.
   *
   * @throws MatrixException if D is singular: "ldlFactor: matrix 1 of 3 is singular: the diagonal of D is 0 at place 2"
   * @throws ShapeException if A is no square matrix
   * @throws GradientException in a derivative
   */
  public static Ldl ldlFactor(Tensor a) {
    return factors("ldlFactor", Optional.of("is singular: the diagonal of D is 0 at place"), a);
  }

  /** As {@link #ldlFactor}, of singular matrices too, which the info names. */
  public static Ldl ldlFactorEx(Tensor a) {
    return factors("ldlFactorEx", Optional.empty(), a);
  }

  private static Ldl factors(String op, Optional<String> refused, Tensor a) {
    Linalg.square(op, a);
    if (a.dtype().half()) {
      throw new DTypeException(op + ": no factorisation in " + a.dtype() + "; convert with to(DType.FLOAT32)");
    }
    int n = a.size(-1);
    Tensor[] f = new HostFactors(op, "Linalg.solve", n + 1, refused, SymmetricFactors::factor).apply(new Tensor[] {a});
    Tensor side = f[1].detach().to(DType.INT32);
    return new Ldl(f[0], side.narrow(-1, 0, n), side.select(-1, n));
  }

  /**
   * X with A X = B from the factors of A: B [..., n, k] → [..., n, k]; leading axes broadcast. It has derivatives by B.
   *
   * @throws ShapeException if they do not fit
   * @throws GradientException if the factors require grad
   */
  public static Tensor ldlSolve(Tensor factors, Tensor pivots, Tensor b) {
    String op = "ldlSolve";
    Linalg.square(op, factors);
    Linalg.matrix(op, b);
    if (!pivots.shape().equals(factors.shape().range(0, factors.rank() - 1)) || !pivots.dtype().integer()) {
      throw new ShapeException(op + ": pivots " + pivots.dtype() + pivots.shape() + " do not fit factors " + factors.shape());
    }
    if (b.size(-2) != factors.size(-1)) {
      throw new ShapeException(op + ": factors " + factors.shape() + " and B " + b.shape() + " differ in rows");
    }
    if (factors.requiresGrad()) {
      throw new GradientException(op + ": there is no derivative by the factors; detach them, or use Linalg.solve");
    }
    Tensor[] x = Linalg.broadcast(op, factors, b);
    int[] places = x[0].shape().range(0, x[0].rank() - 1).dims();
    return new Solve().apply(x[0].detach(), pivots.to(x[0].dtype()).expand(places), x[1])[0];
  }

  /** X from factors, pivots and B with equal leading axes; linear in B, and its own transpose. */
  private static final class Solve extends CustomFunction {
    private Solve() {
      super("ldlSolve");
    }

    @Override
    protected Tensor[] forward(Context c, Tensor[] in) {
      c.save(in[0], in[1]);
      Shape s = in[2].shape();
      int n = s.dim(s.rank() - 2);
      int k = s.dim(s.rank() - 1);
      double[] a = in[0].to(DType.FLOAT64).toDoubleArray();
      double[] p = in[1].to(DType.FLOAT64).toDoubleArray();
      double[] x = in[2].to(DType.FLOAT64).toDoubleArray();
      for (int i = 0; n > 0 && i < p.length / n; i++) {
        LdlSolution.solve(a, i * n * n, p, i * n, x, i * n * k, n, k);
      }
      return new Tensor[] {Tensor.of(x, s.dims()).to(in[2].dtype()).to(in[2].device())};
    }

    private static Tensor back(Context c, Tensor ct) {
      return new Solve().apply(c.saved(0), c.saved(1), ct)[0];
    }

    @Override
    protected Tensor[] vjp(Context c, Tensor[] ct) {
      return new Tensor[] {c.saved(0).mul(Double.NaN), c.saved(1).mul(0.0), back(c, ct[0])};
    }

    @Override
    protected boolean hasJvp() {
      return true;
    }

    @Override
    protected Tensor[] jvp(Context c, Tensor[] t) {
      Tensor unknown = t[0].ne(0).flatten(-2, -1).any(-1).unsqueeze(-1).unsqueeze(-1);
      return new Tensor[] {back(c, t[2]).maskedFill(unknown, Double.NaN)};
    }

    @Override
    protected boolean hasBatch() {
      return true;
    }

    @Override
    protected Tensor[] batch(Context c, int n, Tensor[] in, boolean[] mapped) {
      Tensor[] all = new Tensor[in.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = mapped[i] ? in[i] : in[i].expand(in[i].shape().prepend(n).dims());
      }
      return forward(c, all);
    }
  }

  // ---- numbers

  /** The lower triangle of a [n, n] becomes its factors, the rest 0; side gets the n pivots and the info, the result. */
  private static int factor(double[] a, int m, int n, double... side) {
    for (int k = 0, step; k < n; k += step) {
      int r = largest(a, n, k);
      double below = r < 0 ? 0 : Math.abs(a[r * n + k]);
      double here = Math.abs(a[k * n + k]);
      int with = k;
      step = 1;
      if (Math.max(here, below) == 0 || Double.isNaN(here)) {
        side[n] = side[n] == 0 ? k + 1 : side[n];
      } else {
        if (here < ALPHA * below) {
          double row = largestInRow(a, n, k, r);
          if (here < ALPHA * below * (below / row)) {
            with = r;
            step = Math.abs(a[r * n + r]) >= ALPHA * row ? 1 : 2;
          }
        }
        exchange(a, n, k, k + step - 1, with);
        eliminate(a, n, k, step);
      }
      for (int i = k; i < k + step; i++) {
        side[i] = step == 1 ? with + 1 : -(with + 1);
      }
    }
    for (int i = 0; i < n; i++) {
      java.util.Arrays.fill(a, i * n + i + 1, (i + 1) * n, 0);
    }
    return (int) side[n];
  }

  /** The row of the largest number below the diagonal in column k, -1 if there is none. */
  private static int largest(double[] a, int n, int k) {
    int r = k + 1 < n ? k + 1 : -1;
    for (int i = k + 2; i < n; i++) {
      r = Math.abs(a[i * n + k]) > Math.abs(a[r * n + k]) ? i : r;
    }
    return r;
  }

  /** The largest number beside the diagonal in row r of the symmetric matrix from k on. */
  private static double largestInRow(double[] a, int n, int k, int r) {
    double most = 0;
    for (int j = k; j < r; j++) {
      most = Math.max(most, Math.abs(a[r * n + j]));
    }
    for (int i = r + 1; i < n; i++) {
      most = Math.max(most, Math.abs(a[i * n + r]));
    }
    return most;
  }

  /** Rows and columns p and q ≥ p of the symmetric matrix from column k on, of which the lower triangle is stored. */
  private static void exchange(double[] a, int n, int k, int p, int q) {
    if (p == q) {
      return;
    }
    for (int i = q + 1; i < n; i++) {
      swap(a, i * n + p, i * n + q);
    }
    for (int i = p + 1; i < q; i++) {
      swap(a, i * n + p, q * n + i);
    }
    swap(a, p * n + p, q * n + q);
    if (p > k) {
      swap(a, p * n + k, q * n + k);
    }
  }

  static void swap(double[] a, int i, int j) {
    double t = a[i];
    a[i] = a[j];
    a[j] = t;
  }

  private static void eliminate(double[] a, int n, int k, int step) {
    double corner = step == 1 ? 0 : a[(k + 1) * n + k];
    double first = step == 1 ? 0 : a[(k + 1) * n + k + 1] / corner;
    double second = step == 1 ? 0 : a[k * n + k] / corner;
    double scale = step == 1 ? 1 / a[k * n + k] : 1 / (first * second - 1) / corner;
    for (int j = k + step; j < n; j++) {
      double x = a[j * n + k];
      double y = step == 1 ? 0 : a[j * n + k + 1];
      double u = step == 1 ? scale * x : scale * (first * x - y);
      double v = step == 1 ? 0 : scale * (second * y - x);
      for (int i = j; i < n; i++) {
        a[i * n + j] -= a[i * n + k] * u + (step == 1 ? 0 : a[i * n + k + 1] * v);
      }
      a[j * n + k] = u;
      if (step == 2) {
        a[j * n + k + 1] = v;
      }
    }
  }
}
