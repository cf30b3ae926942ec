package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;

/**
 * A = U diag(S) Vᵀ with orthonormal columns and S descending: [..., m, n] → U [..., m, k], S [..., k], Vᵀ [..., k, n], k the smaller.
 *
 * <p>Derivatives (Townsend 2016; Giles 2008, section 3.1): with dP = Uᵀ dA V and F_ij = 1 / (s_j² - s_i²) off the diagonal, 0 on it,
 * dS = diag(dP), dU = U (F ∘ (dP S + S dPᵀ)) + (I - U Uᵀ) dA V S⁻¹, and dV likewise of dAᵀ. Those of U and V exist for different singular
 * values alone; a cotangent of S alone needs none of that.
 */
public record Svd() implements Primitive {
  private static final Expr X = Expr.arg(0);

  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireMatrix(op, in[0]);
    Shape s = in[0].shape();
    int r = s.rank();
    int m = s.dim(r - 2);
    int n = s.dim(r - 1);
    int k = Math.min(m, n);
    Shape lead = s.range(0, r - 2);
    return new Spec[] {in[0].as(lead.append(m, k)), in[0].as(lead.append(k)), in[0].as(lead.append(k, n))};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.all(1, 3);
  }

  private static Value t(Ops o, Value x) {
    return Matrices.transpose(o, x);
  }

  /** Columns times s. */
  private static Value scaled(Ops o, Value x, Value s) {
    return o.mul(x, Matrices.alongRows(o, s, x.shape().dim(x.rank() - 2)));
  }

  private static Value inverse(Ops o, Value s) {
    return o.pointwise(Expr.call(Fn.DIV, Expr.ONE, X), s);
  }

  /** x / (s_j² - s_i²), 0 on the diagonal. */
  private static Value overGaps(Ops o, Value x, Value s) {
    int k = s.shape().dim(s.rank() - 1);
    Value square = o.mul(s, s);
    Value gap = Matrices.sub(o, Matrices.alongRows(o, square, k), Matrices.alongColumns(o, square, k));
    Expr diagonal = Expr.call(Fn.EQ, Expr.arg(1), Expr.arg(2));
    Value safe = Matrices.indexed(o, Expr.where(diagonal, Expr.ONE, X), gap);
    return Matrices.indexed(o, Expr.where(diagonal, Expr.ZERO, X), o.div(x, safe));
  }

  /** x less its part in the space of the columns of {@code base}. */
  private static Value outside(Ops o, Value base, Value x) {
    return Matrices.sub(o, x, Matrices.product(o, base, Matrices.product(o, t(o, base), x)));
  }

  private static Value skew(Ops o, Value base, Value bar) {
    Value p = Matrices.product(o, t(o, base), bar);
    return Matrices.sub(o, p, t(o, p));
  }

  @Override
  public Value[] vjp(Ops o, Saved saved, Value[] ct) {
    Value u = saved.out(0);
    Value s = saved.out(1);
    Value vt = saved.out(2);
    Value v = t(o, vt);
    Value middle = null;
    if (ct[1] != null) {
      Value wide = Matrices.alongRows(o, ct[1], s.shape().dim(s.rank() - 1));
      middle = Matrices.indexed(o, Expr.where(Expr.call(Fn.EQ, Expr.arg(1), Expr.arg(2)), X, Expr.ZERO), wide);
    }
    if (ct[0] != null) {
      middle = o.addOrNull(middle, scaled(o, overGaps(o, skew(o, u, ct[0]), s), s));
    }
    Value vBar = ct[2] == null ? null : t(o, ct[2]);
    if (vBar != null) {
      middle = o.addOrNull(middle, t(o, scaled(o, t(o, overGaps(o, skew(o, v, vBar), s)), s)));
    }
    if (middle == null) {
      return new Value[1];
    }
    Value a = Matrices.product(o, Matrices.product(o, u, middle), vt);
    Value over = inverse(o, s);
    int m = u.shape().dim(u.rank() - 2);
    int k = u.shape().dim(u.rank() - 1);
    int n = vt.shape().dim(vt.rank() - 1);
    if (ct[0] != null && m > k) {
      a = o.add(a, Matrices.product(o, outside(o, u, scaled(o, ct[0], over)), vt));
    }
    if (vBar != null && n > k) {
      a = o.add(a, Matrices.product(o, u, t(o, outside(o, v, scaled(o, vBar, over)))));
    }
    return new Value[] {a};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] tangents, Value[] out) {
    if (tangents[0] == null) {
      return new Value[3];
    }
    Value da = tangents[0];
    Value u = out[0];
    Value s = out[1];
    Value v = t(o, out[2]);
    Value av = Matrices.product(o, da, v);
    Value p = Matrices.product(o, t(o, u), av);
    Expr diagonal = Expr.where(Expr.call(Fn.EQ, Expr.arg(1), Expr.arg(2)), X, Expr.ZERO);
    Value ds = o.sum(Matrices.indexed(o, diagonal, p), p.rank() - 1);
    Value ps = scaled(o, p, s);
    Value sp = t(o, scaled(o, t(o, p), s));
    Value du = Matrices.product(o, u, overGaps(o, o.add(ps, t(o, ps)), s));
    Value dv = Matrices.product(o, v, overGaps(o, o.add(sp, t(o, sp)), s));
    Value over = inverse(o, s);
    int m = u.shape().dim(u.rank() - 2);
    int k = u.shape().dim(u.rank() - 1);
    int n = v.shape().dim(v.rank() - 2);
    if (m > k) {
      du = o.add(du, outside(o, u, scaled(o, av, over)));
    }
    if (n > k) {
      dv = o.add(dv, outside(o, v, scaled(o, Matrices.product(o, t(o, da), u), over)));
    }
    return new Value[] {du, ds, t(o, dv)};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, v);
  }
}
