package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;

/**
 * A = Q R for A [..., m, n] with m ≥ n: orthonormal columns Q [..., m, n] and an upper triangle R [..., n, n]; then, if complete, columns
 * that complete Q to a basis [..., m, m - n]. R's diagonal has the signs that Householder's reflections give it.
 *
 * <p>Derivatives (Walter and Lehmann 2010, section 4; Liao, Liu, Wang and Xiang 2019, section III.C): with C = Qᵀ dA R⁻¹ and Ω = tril(C,
 * -1) less its transposed, dR = (C - Ω) R and dQ = (dA R⁻¹ - Q C) + Q Ω; transposed, Abar = (Qbar + Q copyltu(M)) R⁻ᵀ with M = R Rbarᵀ -
 * Qbarᵀ Q, where copyltu mirrors the lower triangle. They divide by R's diagonal, so A needs full rank. The columns that complete Q are
 * a choice without derivative, so that they are refused a cotangent, and a complete form a tangent.
 *
 * @param complete whether the third output is wanted
 */
public record Qr(boolean complete) implements Primitive {
  private static final TriangularSolve RIGHT = new TriangularSolve(true, false, false);
  private static final TriangularSolve RIGHT_T = new TriangularSolve(true, false, true);

  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireMatrix(op, in[0]);
    Shape s = in[0].shape();
    int r = s.rank();
    int m = s.dim(r - 2);
    int n = s.dim(r - 1);
    if (m < n) {
      throw new ShapeException(op + ": needs at least as many rows as columns: " + s);
    }
    Shape lead = s.range(0, r - 2);
    Spec square = in[0].as(lead.append(n, n));
    return complete ? new Spec[] {in[0], square, in[0].as(lead.append(m, m - n))} : new Spec[] {in[0], square};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.none(1, complete ? 3 : 2).withOut(0).withOut(1);
  }

  private static Value t(Ops o, Value x) {
    return Matrices.transpose(o, x);
  }

  private static GradientException undefined() {
    return new GradientException("qr: the columns that complete Q have no derivative; use the reduced form");
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    if (complete && ct[2] != null && ct[2].shape().size() > 0) {
      throw undefined();
    }
    Value q = s.out(0);
    Value r = s.out(1);
    Value m = ct[1] == null ? null : Matrices.product(o, r, t(o, ct[1]));
    if (ct[0] != null) {
      m = o.addOrNull(m, Matrices.times(o, -1, Matrices.product(o, t(o, ct[0]), q)));
    }
    if (m == null) {
      return new Value[1];
    }
    Value lower = Matrices.lower(o, m, 0.5);
    Value bar = o.addOrNull(Matrices.product(o, q, o.add(lower, t(o, lower))), ct[0]);
    return new Value[] {t(o, o.one(RIGHT, r, t(o, bar)))};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[out.length];
    }
    if (complete && out[2].shape().size() > 0) {
      throw undefined();
    }
    Value q = out[0];
    Value over = t(o, o.one(RIGHT_T, out[1], t(o, t[0])));
    Value c = Matrices.product(o, t(o, q), over);
    Value below = Matrices.lower(o, c, 0);
    Value turn = Matrices.sub(o, below, t(o, below));
    Value[] d = new Value[out.length];
    d[0] = o.add(Matrices.sub(o, over, Matrices.product(o, q, c)), Matrices.product(o, q, turn));
    d[1] = Matrices.product(o, Matrices.sub(o, c, turn), out[1]);
    return d;
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, v);
  }
}
