package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;

/** The parts of A = P L U and their compact form: L and U [..., m, n] in one matrix, exchanges [..., k], order of rows [..., m]. */
final class LuForms {
  private LuForms() {}

  static void check(String op, Linalg.LuFactors f) {
    Linalg.matrix(op, f.factors());
    if (f.pivots().dtype() != DType.INT32) {
      throw new DTypeException(op + ": expected int32 pivots, not " + f.pivots().dtype() + "; convert with to(DType.INT32)");
    }
    Shape s = f.factors().shape();
    Shape want = s.range(0, s.rank() - 2).append(Math.min(s.dim(-1), s.dim(-2)));
    if (!f.pivots().shape().equals(want)) {
      throw new ShapeException(op + ": expected pivots of " + want + " for factors of " + s + ", not " + f.pivots().shape());
    }
  }

  private static Tensor count(Tensor like, int n) {
    return Tensor.arange(n).to(like.device());
  }

  /** L [..., m, k]. */
  static Tensor lower(Tensor factors) {
    int k = Math.min(factors.size(-1), factors.size(-2));
    Tensor l = factors.narrow(-1, 0, k).tril(-1);
    return l.add(Tensor.eye(factors.size(-2), k, factors.dtype()).to(factors.device()));
  }

  /** U [..., k, n]. */
  static Tensor upper(Tensor factors) {
    return factors.narrow(-2, 0, Math.min(factors.size(-1), factors.size(-2))).triu(0);
  }

  /** P [..., m, m] with a one in row order[j] of column j. */
  static Tensor permutation(Tensor order, DType dtype) {
    return order.unsqueeze(-2).eq(count(order, order.size(-1)).unsqueeze(-1)).to(dtype);
  }

  /**
   * The order of m rows after the exchanges. Each exchange is a permutation, and neighbours are joined until one is left, so that there
   * are log k steps.
   */
  static Tensor order(Tensor pivots, int m) {
    int k = pivots.size(-1);
    Tensor place = count(pivots, m);
    if (k == 0) {
      return place.expand(pivots.shape().range(0, pivots.rank() - 1).append(m).dims());
    }
    Tensor from = count(pivots, k).unsqueeze(-1);
    Tensor to = pivots.to(DType.INT64).sub(1).unsqueeze(-1);
    Tensor steps = Tensor.where(place.eq(from), to, Tensor.where(place.eq(to), from, place));
    while (steps.size(-2) > 1) {
      int n = steps.size(-2) / 2;
      Tensor joined = steps.slice(-2, 0, 2 * n, 2).gather(-1, steps.slice(-2, 1, 2 * n, 2));
      steps = 2 * n == steps.size(-2) ? joined : Tensor.cat(-2, joined, steps.narrow(-2, 2 * n, 1));
    }
    return steps.squeeze(-2);
  }

  /** X with A X = B, or Aᵀ X = B: permuted, and solved with both triangles. */
  static Tensor solve(Linalg.LuFactors f, Tensor b, boolean transposed) {
    Tensor[] x = Linalg.broadcast("luSolve", f.factors(), b);
    Tensor order = order(f.pivots(), f.factors().size(-1)).unsqueeze(-1);
    int[] rows = x[1].shape().dims();
    if (transposed) {
      Tensor y = Primitives.triangularSolve(x[0], x[1], true, false, true);
      Tensor z = Primitives.triangularSolve(x[0], y, false, true, true);
      return z.gather(-2, order.argsort(-2).expand(rows));
    }
    Tensor y = Primitives.triangularSolve(x[0], x[1].gather(-2, order.expand(rows)), false, true, false);
    return Primitives.triangularSolve(x[0], y, true, false, false);
  }

  /** The first pivot of exactly 0, from 1, or 0. */
  static Tensor info(Tensor factors) {
    return firstOnDiagonal(factors.detach().eq(0));
  }

  /** The place, from 1, of the first true on the diagonal of each matrix, or 0. */
  static Tensor firstOnDiagonal(Tensor mask) {
    Tensor d = mask.diagonal(0, -2, -1);
    int n = d.size(-1);
    if (n == 0) {
      return d.sum(-1).to(DType.INT32);
    }
    Tensor place = Tensor.where(d, count(d, n).add(1), Tensor.scalar((long) n + 1).to(d.device()));
    return place.amin(new int[] {-1}, false).remainder(n + 1).to(DType.INT32);
  }
}
