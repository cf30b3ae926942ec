package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.spi.Householder;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Householder's reflections H_i = I - tau_i v_i v_iᵀ in the compact form of LAPACK: v_i is column i of a matrix below the diagonal, 1 on
 * it, 0 above. {@link Linalg#householderProduct} gives their product.
 */
public final class Reflections {
  private Reflections() {}

  /** Vectors below the diagonal and a triangle from it on [..., m, n], and the tau [..., k]; see {@link #geqrf}. */
  public record Compact(Tensor a, Tensor tau) {}

  /**
   * A = H₁ ... H_k R of [..., m, n], k the smaller of m and n: R in the upper triangle, the vectors below, with the signs of LAPACK
   * (Golub and Van Loan 2013, section 5.2). Computed on the host in float64; without derivatives, which {@link Linalg#qr} has.
   *
   * @throws ShapeException if A is no matrix
   * @throws org.cotangent.errors.GradientException in a derivative
   */
  public static Compact geqrf(Tensor a) {
    Linalg.matrix("geqrf", a);
    whole("geqrf", a);
    int k = Math.min(a.size(-1), a.size(-2));
    Tensor[] f = new HostFactors("geqrf", "Linalg.qr", k, Optional.empty(), Reflections::factor).apply(new Tensor[] {a});
    return new Compact(f[0], f[1]);
  }

  /**
   * H₁ ... H_k C with reflections of order m: vectors [..., m, j] and tau [..., k], k ≤ j, of which C [..., m, n] has the same leading
   * axes; of the transposed product if {@code transposed}; C H₁ ... H_k for C [..., n, m] unless {@code left}. All three have derivatives.
   *
   * @throws ShapeException if they do not fit
   */
  public static Tensor ormqr(Tensor v, Tensor tau, Tensor c, boolean left, boolean transposed) {
    check(v, tau, c, left);
    return Gate.named(OpName.of("ormqr"), () -> {
      int k = tau.size(-1);
      Tensor w = v.narrow(-1, 0, k).tril(-1).add(Tensor.eye(v.size(-2), k, v.dtype()).to(v.device()));
      Tensor d = tau.unsqueeze(-1);
      Tensor s = d.mul(w.mT().matmul(w).triu(1));
      Tensor t = Primitives.triangularSolve(s, d.mul(Tensor.eye(k, k, v.dtype()).to(v.device())), true, true, false);
      Tensor turned = transposed ? t.mT() : t;
      return left ? c.sub(w.matmul(turned.matmul(w.mT().matmul(c)))) : c.sub(c.matmul(w).matmul(turned).matmul(w.mT()));
    });
  }

  private static void check(Tensor v, Tensor tau, Tensor c, boolean left) {
    Linalg.matrix("ormqr", v);
    Linalg.matrix("ormqr", c);
    whole("ormqr", v);
    if (tau.dtype() != v.dtype() || c.dtype() != v.dtype()) {
      throw new DTypeException("ormqr: types differ: " + v.dtype() + ", " + tau.dtype() + " and " + c.dtype());
    }
    boolean fits = tau.rank() == v.rank() - 1 && c.rank() == v.rank() && tau.shape().range(0, tau.rank() - 1).equals(v.shape().range(0, v.rank() - 2))
        && c.shape().range(0, c.rank() - 2).equals(v.shape().range(0, v.rank() - 2));
    if (!fits || tau.size(-1) > v.size(-1) || tau.size(-1) > v.size(-2) || c.size(left ? -2 : -1) != v.size(-2)) {
      throw new ShapeException("ormqr: vectors " + v.shape() + ", tau " + tau.shape() + " and a matrix " + c.shape()
          + " do not fit; expected [..., m, j], [..., k] with k ≤ j and k ≤ m, and [..., " + (left ? "m, n]" : "n, m]"));
    }
  }

  private static void whole(String op, Tensor a) {
    if (a.dtype().half()) {
      throw new DTypeException(op + ": no factorisation in " + a.dtype() + "; convert with to(DType.FLOAT32)");
    }
  }

  private static int factor(double[] a, int m, int n, double... tau) {
    Householder.factor(a, m, n, tau);
    return 0;
  }
}
