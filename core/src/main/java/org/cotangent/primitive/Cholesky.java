package org.cotangent.primitive;

import org.cotangent.Spec;

/**
 * The lower triangular L with A = L Lᵀ, of A's lower triangle; [..., n, n].
 *
 * <p>Derivatives: with Φ the lower triangle, its diagonal halved, dL = L Φ(L⁻¹ dA L⁻ᵀ) and Abar the symmetric part of L⁻ᵀ Φ(Lᵀ Lbar)
 * L⁻¹ (Murray 2016, sections 3 and 5).
 *
 * @param checked whether a matrix that is not positive definite is refused; its factor is NaN otherwise, from the row on that fails
 */
public record Cholesky(boolean checked) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireSquare(op, in[0]);
    return new Spec[] {in[0]};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, 1).withOut(0);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value l = s.out(0);
    var back = new TriangularSolve(false, false, true);
    Value p = Matrices.lower(o, Matrices.product(o, Matrices.transpose(o, l), ct[0]), 0.5);
    Value half = o.one(back, l, p);
    return new Value[] {Matrices.symmetric(o, o.one(back, l, Matrices.transpose(o, half)))};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[1];
    }
    var solve = new TriangularSolve(false, false, false);
    Value half = o.one(solve, out[0], Matrices.symmetric(o, t[0]));
    Value middle = o.one(solve, out[0], Matrices.transpose(o, half));
    return new Value[] {Matrices.product(o, out[0], Matrices.lower(o, middle, 0.5))};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, v);
  }
}
