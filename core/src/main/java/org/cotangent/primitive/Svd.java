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
 * values alone, and divide by zero for equal ones; a cotangent of S alone needs none of that. The vectors that complete U or V, U₂, are
 * a choice of basis: dU₂ = -U dUᵀ U₂ is right for all functions that do not depend on it, such as the projection U₂ U₂ᵀ.
 *
 * @param full whether U and V are square instead
 */
public record Svd(boolean full) implements Primitive {
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
    return new Spec[] {
      in[0].as(lead.append(m, full ? m : k)), in[0].as(lead.append(k)), in[0].as(lead.append(full ? n : k, n))
    };
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, 3).withOut(0).withOut(1).withOut(2);
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
    return Matrices.overOffDiagonal(o, x, Matrices.sub(o, Matrices.alongRows(o, square, k), Matrices.alongColumns(o, square, k)));
  }

  private static int columns(Value x) {
    return x.shape().dim(x.rank() - 1);
  }

  /** The columns that belong to singular values. */
  private static Value proper(Ops o, Value x, int k) {
    return columns(x) == k ? x : o.narrow(x, x.rank() - 1, 0, k);
  }

  /** The columns that complete a basis. */
  private static Value completing(Ops o, Value x, int k) {
    return o.narrow(x, x.rank() - 1, k, columns(x) - k);
  }

  /** x less its part in the space of the columns of {@code base}. */
  private static Value outside(Ops o, Value base, Value x) {
    return Matrices.sub(o, x, Matrices.product(o, base, Matrices.product(o, t(o, base), x)));
  }

  private static Value skew(Ops o, Value base, Value bar) {
    Value p = Matrices.product(o, t(o, base), bar);
    return Matrices.sub(o, p, t(o, p));
  }

  /** The part of a cotangent of a basis that turns it out of its space; null where it spans everything. */
  private static Value outward(Ops o, Value basis, Value bar, int k) {
    if (bar == null || basis.shape().dim(basis.rank() - 2) == k) {
      return null;
    }
    Value base = proper(o, basis, k);
    Value r = outside(o, base, proper(o, bar, k));
    if (columns(basis) == k) {
      return r;
    }
    Value back = Matrices.product(o, t(o, completing(o, bar, k)), base);
    return Matrices.sub(o, r, Matrices.product(o, completing(o, basis, k), back));
  }

  @Override
  public Value[] vjp(Ops o, Saved saved, Value[] ct) {
    Value s = saved.out(1);
    int k = columns(s);
    Value allU = saved.out(0);
    Value allV = t(o, saved.out(2));
    Value u = proper(o, allU, k);
    Value v = proper(o, allV, k);
    Value vBar = ct[2] == null ? null : t(o, ct[2]);
    Value middle = ct[1] == null ? null : Matrices.onDiagonal(o, ct[1]);
    if (ct[0] != null) {
      middle = o.addOrNull(middle, scaled(o, overGaps(o, skew(o, u, proper(o, ct[0], k)), s), s));
    }
    if (vBar != null) {
      middle = o.addOrNull(middle, t(o, scaled(o, t(o, overGaps(o, skew(o, v, proper(o, vBar, k)), s)), s)));
    }
    if (middle == null) {
      return new Value[1];
    }
    Value a = Matrices.product(o, Matrices.product(o, u, middle), t(o, v));
    Value left = outward(o, allU, ct[0], k);
    Value right = outward(o, allV, vBar, k);
    if (left != null) {
      a = o.add(a, Matrices.product(o, scaled(o, left, inverse(o, s)), t(o, v)));
    }
    if (right != null) {
      a = o.add(a, Matrices.product(o, u, t(o, scaled(o, right, inverse(o, s)))));
    }
    return new Value[] {a};
  }

  /** The tangent of a basis from that within its space, and from the image of the other basis under dA or its transposed. */
  private static Value moved(Ops o, Value basis, Value within, Value image, Value s) {
    int k = columns(s);
    Value base = proper(o, basis, k);
    Value d = Matrices.product(o, base, within);
    if (basis.shape().dim(basis.rank() - 2) > k) {
      d = o.add(d, outside(o, base, scaled(o, image, inverse(o, s))));
    }
    if (columns(basis) == k) {
      return d;
    }
    Value rest = Matrices.product(o, t(o, d), completing(o, basis, k));
    return o.one(new Concat(d.rank() - 1), d, Matrices.times(o, -1, Matrices.product(o, base, rest)));
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] tangents, Value[] out) {
    if (tangents[0] == null) {
      return new Value[3];
    }
    Value da = tangents[0];
    Value s = out[1];
    int k = columns(s);
    Value allV = t(o, out[2]);
    Value u = proper(o, out[0], k);
    Value av = Matrices.product(o, da, proper(o, allV, k));
    Value p = Matrices.product(o, t(o, u), av);
    Value ds = o.sum(Matrices.indexed(o, Expr.where(Matrices.DIAGONAL, X, Expr.ZERO), p), p.rank() - 1);
    Value ps = scaled(o, p, s);
    Value sp = t(o, scaled(o, t(o, p), s));
    Value du = moved(o, out[0], overGaps(o, o.add(ps, t(o, ps)), s), av, s);
    Value dv = moved(o, allV, overGaps(o, o.add(sp, t(o, sp)), s), Matrices.product(o, t(o, da), u), s);
    return new Value[] {du, ds, t(o, dv)};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, v);
  }
}
