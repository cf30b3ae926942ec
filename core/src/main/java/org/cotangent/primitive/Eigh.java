package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;

/**
 * A = V diag(w) Vᵀ of a symmetric A, [..., n, n] → w [..., n] ascending, V [..., n, n]; one triangle of A is read.
 *
 * <p>Derivatives (Giles 2008, section 3.1; Magnus 1985): with dP = Vᵀ dA V and F_ij = 1 / (w_j - w_i) off the diagonal, 0 on it,
 * dw = diag(dP) and dV = V (F ∘ dP); transposed, Abar = V (diag(wbar) + F ∘ Vᵀ Vbar) Vᵀ. They are those of A as a symmetric matrix: of
 * dA and Abar the symmetric part is taken. Those of V exist for different eigenvalues alone, and divide by zero for equal ones; a cotangent of w alone
 * needs none of that.
 *
 * @param upper which triangle of A is read
 */
public record Eigh(boolean upper) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireSquare(op, in[0]);
    Shape s = in[0].shape();
    return new Spec[] {in[0].as(s.range(0, s.rank() - 1)), in[0]};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, 2).withOut(0).withOut(1);
  }

  /** x / (w_j - w_i), 0 on the diagonal. */
  private static Value overGaps(Ops o, Value x, Value w) {
    int n = w.shape().dim(w.rank() - 1);
    return Matrices.overOffDiagonal(o, x, Matrices.sub(o, Matrices.alongRows(o, w, n), Matrices.alongColumns(o, w, n)));
  }

  private static Value skew(Ops o, Value x) {
    return Matrices.times(o, 0.5, Matrices.sub(o, x, Matrices.transpose(o, x)));
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value w = s.out(0);
    Value v = s.out(1);
    Value vt = Matrices.transpose(o, v);
    Value middle = ct[0] == null ? null : Matrices.onDiagonal(o, ct[0]);
    if (ct[1] != null) {
      middle = o.addOrNull(middle, overGaps(o, skew(o, Matrices.product(o, vt, ct[1])), w));
    }
    return new Value[] {middle == null ? null : Matrices.product(o, Matrices.product(o, v, middle), vt)};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[2];
    }
    Value v = out[1];
    Value p = Matrices.symmetric(o, Matrices.product(o, Matrices.product(o, Matrices.transpose(o, v), t[0]), v));
    Value dw = o.sum(Matrices.indexed(o, Expr.where(Matrices.DIAGONAL, Expr.arg(0), Expr.ZERO), p), p.rank() - 1);
    return new Value[] {dw, Matrices.product(o, v, overGaps(o, p, out[0]))};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, v);
  }
}
