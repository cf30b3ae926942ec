package org.cotangent.ops;

import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ShapeException;

/** Orthonormal bases: the forms of a QR decomposition, and products of reflections. */
final class Bases {
  private Bases() {}

  /** Of a wide matrix, only the square part decides on Q; the other columns of R are Qᵀ A. */
  static Linalg.QrFactors qr(Tensor a, Linalg.QrMode mode) {
    int m = a.size(-2);
    int n = a.size(-1);
    boolean wide = n > m;
    boolean complete = mode == Linalg.QrMode.COMPLETE && m > n;
    Tensor[] f = Primitives.qr(wide ? a.narrow(-1, 0, m) : a, complete);
    Tensor q = complete ? Tensor.cat(-1, f[0], f[2]) : f[0];
    Tensor r = f[1];
    if (wide) {
      r = Tensor.cat(-1, r, q.mT().matmul(a.narrow(-1, m, n - m)));
    } else if (complete) {
      r = Primitives.pad(r, -2, 0, m - n);
    }
    return new Linalg.QrFactors(mode == Linalg.QrMode.R ? Tensor.zeros(0).to(a.dtype()).to(a.device()) : q, r);
  }

  /**
   * I - V T Vᵀ with T = (I + D S)⁻¹ D, D = diag(tau) and S the part of VᵀV above its diagonal (Puglisi 1992), so that all reflections are
   * one triangular solve.
   */
  static Tensor householder(Tensor v, Tensor tau) {
    int m = v.size(-2);
    int n = v.size(-1);
    boolean batched = tau.rank() == v.rank() - 1 && tau.shape().range(0, tau.rank() - 1).equals(v.shape().range(0, v.rank() - 2));
    if (n > m || !batched || tau.size(-1) > n) {
      throw new ShapeException("householderProduct: needs vectors [..., m, n] and tau [..., k] with m ≥ n ≥ k: " + v.shape() + " and "
          + tau.shape());
    }
    int k = tau.size(-1);
    Tensor w = v.narrow(-1, 0, k).tril(-1).add(unit(v, m, k));
    Tensor d = tau.unsqueeze(-1);
    Tensor s = d.mul(w.mT().matmul(w).triu(1));
    Tensor right = d.mul(w.narrow(-2, 0, n).mT());
    return unit(v, m, n).sub(w.matmul(Primitives.triangularSolve(s, right, true, true, false)));
  }

  private static Tensor unit(Tensor like, int m, int n) {
    return Tensor.eye(m, n, like.dtype()).to(like.device());
  }
}
