package org.cotangent.primitive;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;

/**
 * A = Pᵀ L U with row exchanges: [..., n, n] → L and U in one matrix (the ones on L's diagonal left out), the rows of A in the order of
 * L U [..., n] as int64, and the sign of that permutation [...].
 *
 * <p>Derivatives: with F = L⁻¹ P dA U⁻¹, dL = L F below the diagonal and dU = F U from there on; transposed, P Abar = L⁻ᵀ Fbar U⁻ᵀ with
 * Fbar of Lᵀ Lbar below the diagonal and Ubar Uᵀ from there on (Giles 2008; de Hoog, Anderssen and Lukas 2011). A pivot of exactly 0
 * counts as one rounding error there, which leaves the determinant's gradient right.
 *
 * @param regular whether a singular matrix is refused
 */
public record Lu(boolean regular) implements Primitive {
  private static final TriangularSolve LOWER = new TriangularSolve(false, true, false);
  private static final TriangularSolve LOWER_T = new TriangularSolve(false, true, true);
  private static final TriangularSolve UPPER = new TriangularSolve(true, false, false);
  private static final TriangularSolve UPPER_T = new TriangularSolve(true, false, true);

  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireSquare(op, in[0]);
    Shape s = in[0].shape();
    int r = s.rank();
    return new Spec[] {in[0], new Spec(s.range(0, r - 1), DType.INT64), in[0].as(s.range(0, r - 2))};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, 3).withOut(0).withOut(1);
  }

  /** The factors with pivots of 0 replaced. */
  private static Value safe(Ops o, Value lu) {
    Expr zero = Expr.call(Fn.AND, Expr.call(Fn.EQ, Expr.arg(1), Expr.arg(2)), Expr.call(Fn.EQ, Expr.arg(0), Expr.ZERO));
    return Matrices.indexed(o, Expr.where(zero, Expr.constant(lu.dtype().epsilon()), Expr.arg(0)), lu);
  }

  private static Value rows(Ops o, Value order, Value x) {
    return Matrices.alongColumns(o, order, x.shape().dim(x.rank() - 1));
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    if (ct[0] == null) {
      return new Value[1];
    }
    Value lu = safe(o, s.out(0));
    Value l = Matrices.transpose(o, Matrices.unitLower(o, lu));
    Value u = Matrices.transpose(o, Matrices.upper(o, lu, 1));
    Value below = Matrices.lower(o, Matrices.product(o, l, Matrices.lower(o, ct[0], 0)), 0);
    Value above = Matrices.upper(o, Matrices.product(o, Matrices.upper(o, ct[0], 1), u), 1);
    Value half = o.one(LOWER_T, lu, o.add(below, above));
    Value pa = Matrices.transpose(o, o.one(UPPER, lu, Matrices.transpose(o, half)));
    int axis = pa.rank() - 2;
    return new Value[] {o.one(new ScatterAdd(axis, pa.shape().dim(axis)), pa, rows(o, s.out(1), pa))};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[3];
    }
    Value lu = safe(o, out[0]);
    Value pa = o.one(new Gather(t[0].rank() - 2), t[0], rows(o, out[1], t[0]));
    Value half = o.one(LOWER, lu, pa);
    Value f = Matrices.transpose(o, o.one(UPPER_T, lu, Matrices.transpose(o, half)));
    Value dl = Matrices.product(o, Matrices.unitLower(o, lu), Matrices.lower(o, f, 0));
    Value du = Matrices.product(o, Matrices.upper(o, f, 1), Matrices.upper(o, lu, 1));
    return new Value[] {o.add(dl, du), null, null};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, v);
  }
}
