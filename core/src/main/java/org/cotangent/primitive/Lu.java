package org.cotangent.primitive;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;

/**
 * A = Pᵀ L U with row exchanges: [..., m, n], k the smaller of m and n → L [m, k] and U [k, n] in one matrix [..., m, n] (the ones on
 * L's diagonal left out), the rows of A in the order of L U [..., m] as int64, and the exchanges as LAPACK counts them [..., k] as int32.
 *
 * <p>Derivatives for a square A: with F = L⁻¹ P dA U⁻¹, dL = L F below the diagonal and dU = F U from there on; transposed, P Abar = L⁻ᵀ
 * Fbar U⁻ᵀ with Fbar of Lᵀ Lbar below the diagonal and Ubar Uᵀ from there on (Giles 2008; de Hoog, Anderssen and Lukas 2011). Further
 * columns are U₂ = L⁻¹ P A₂, and further rows L₂ = P A₂ U⁻¹, whose derivatives join those of the square part. A pivot of exactly 0
 * counts as one rounding error there, which leaves the determinant's gradient right.
 *
 * @param checked whether a pivot of exactly 0 is refused
 */
public record Lu(boolean checked) implements Primitive {
  private static final TriangularSolve LOWER = new TriangularSolve(false, true, false);
  private static final TriangularSolve LOWER_T = new TriangularSolve(false, true, true);
  private static final TriangularSolve UPPER = new TriangularSolve(true, false, false);
  private static final TriangularSolve UPPER_T = new TriangularSolve(true, false, true);

  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireMatrix(op, in[0]);
    Shape s = in[0].shape();
    int r = s.rank();
    Shape lead = s.range(0, r - 2);
    int k = Math.min(s.dim(r - 2), s.dim(r - 1));
    return new Spec[] {in[0], new Spec(lead.append(s.dim(r - 2)), DType.INT64), new Spec(lead.append(k), DType.INT32)};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, 3).withOut(0).withOut(1);
  }

  private static Value t(Ops o, Value x) {
    return Matrices.transpose(o, x);
  }

  /** The factors with pivots of 0 replaced. */
  private static Value safe(Ops o, Value lu) {
    Expr zero = Expr.call(Fn.AND, Matrices.DIAGONAL, Expr.call(Fn.EQ, Expr.arg(0), Expr.ZERO));
    return Matrices.indexed(o, Expr.where(zero, Expr.constant(lu.dtype().epsilon()), Expr.arg(0)), lu);
  }

  private static Value rows(Ops o, Value order, Value x) {
    return Matrices.alongColumns(o, order, x.shape().dim(x.rank() - 1));
  }

  /** The square part (0) of x [m, n], the rows below (1) and the columns beside (2); null where there are none. */
  private static Value[] parts(Ops o, Value x) {
    int r = x.rank();
    int m = x.shape().dim(r - 2);
    int n = x.shape().dim(r - 1);
    Value below = m > n ? o.narrow(x, r - 2, n, m - n) : null;
    Value beside = n > m ? o.narrow(x, r - 1, m, n - m) : null;
    Value square = m > n ? o.narrow(x, r - 2, 0, n) : n > m ? o.narrow(x, r - 1, 0, m) : x;
    return new Value[] {square, below, beside};
  }

  private static Value joined(Ops o, Value square, Value below, Value beside) {
    int r = square.rank();
    return below != null ? o.one(new Concat(r - 2), square, below) : beside != null ? o.one(new Concat(r - 1), square, beside) : square;
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    if (ct[0] == null) {
      return new Value[1];
    }
    Value[] f = parts(o, safe(o, s.out(0)));
    Value[] bar = parts(o, ct[0]);
    Value lu = f[0];
    Value below = Matrices.lower(o, bar[0], 0);
    Value above = Matrices.upper(o, bar[0], 1);
    Value rowsBar = null;
    Value columnsBar = null;
    if (f[1] != null) {
      rowsBar = t(o, o.one(UPPER, lu, t(o, bar[1])));
      above = Matrices.sub(o, above, Matrices.product(o, t(o, f[1]), rowsBar));
    }
    if (f[2] != null) {
      columnsBar = o.one(LOWER_T, lu, bar[2]);
      below = Matrices.sub(o, below, Matrices.product(o, columnsBar, t(o, f[2])));
    }
    Value l = t(o, Matrices.unitLower(o, lu));
    Value u = t(o, Matrices.upper(o, lu, 1));
    Value lower = Matrices.lower(o, Matrices.product(o, l, Matrices.lower(o, below, 0)), 0);
    Value upper = Matrices.upper(o, Matrices.product(o, Matrices.upper(o, above, 1), u), 1);
    Value half = o.one(LOWER_T, lu, o.add(lower, upper));
    Value pa = joined(o, t(o, o.one(UPPER, lu, t(o, half))), rowsBar, columnsBar);
    int axis = pa.rank() - 2;
    return new Value[] {o.one(new ScatterAdd(axis, pa.shape().dim(axis)), pa, rows(o, s.out(1), pa))};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[3];
    }
    Value[] f = parts(o, safe(o, out[0]));
    Value[] pa = parts(o, o.one(new Gather(t[0].rank() - 2), t[0], rows(o, out[1], t[0])));
    Value lu = f[0];
    Value x = t(o, o.one(UPPER_T, lu, t(o, o.one(LOWER, lu, pa[0]))));
    Value dl = Matrices.product(o, Matrices.unitLower(o, lu), Matrices.lower(o, x, 0));
    Value du = Matrices.product(o, Matrices.upper(o, x, 1), Matrices.upper(o, lu, 1));
    Value below = null;
    Value beside = null;
    if (f[1] != null) {
      below = t(o, o.one(UPPER_T, lu, t(o, Matrices.sub(o, pa[1], Matrices.product(o, f[1], du)))));
    }
    if (f[2] != null) {
      beside = o.one(LOWER, lu, Matrices.sub(o, pa[2], Matrices.product(o, dl, f[2])));
    }
    return new Value[] {joined(o, o.add(dl, du), below, beside), null, null};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, v);
  }
}
