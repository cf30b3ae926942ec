package org.cotangent.primitive;

import org.cotangent.Spec;

/**
 * X with op(A) X = B for a triangular A: [..., n, n] and [..., n, k] → [..., n, k]. The other triangle of A is not read.
 *
 * <p>Derivatives: Bbar = op(A)⁻ᵀ Xbar, op(A)bar the triangle of -Bbar Xᵀ (Giles 2008, section 2.2.3).
 *
 * @param upper which triangle A is
 * @param unit whether its diagonal counts as ones, and is not read
 * @param transposed whether op(A) is Aᵀ
 */
public record TriangularSolve(boolean upper, boolean unit, boolean transposed) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireSquare(op, in[0]);
    Matrices.requireSides(op, in[0], in[1]);
    return new Spec[] {in[1]};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    Reads r = Reads.none(2, 1).withIn(0);
    return need[0] ? r.withOut(0) : r;
  }

  private Value triangle(Ops o, Value x) {
    double diagonal = unit ? 0 : 1;
    return upper ? Matrices.upper(o, x, diagonal) : Matrices.lower(o, x, diagonal);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value b = o.one(new TriangularSolve(upper, unit, !transposed), s.in(0), ct[0]);
    Value a = null;
    if (s.need()[0]) {
      Value x = s.out(0);
      Value p = transposed ? Matrices.product(o, x, Matrices.transpose(o, b)) : Matrices.product(o, b, Matrices.transpose(o, x));
      a = triangle(o, Matrices.times(o, -1, p));
    }
    return new Value[] {a, s.need()[1] ? b : null};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    Value right = t[1];
    if (t[0] != null) {
      Value da = triangle(o, t[0]);
      Value moved = Matrices.product(o, transposed ? Matrices.transpose(o, da) : da, out[0]);
      right = right == null ? Matrices.times(o, -1, moved) : Matrices.sub(o, right, moved);
    }
    return right == null ? new Value[1] : o.apply(this, in[0], right);
  }

  /** Right-hand sides of one matrix become columns, so that it is not repeated. */
  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    if (mapped[0]) {
      return o.apply(this, o.spread(n, v, mapped));
    }
    return new Value[] {Matrices.examples(o, o.one(this, v[0], Matrices.columns(o, v[1])), n)};
  }
}
