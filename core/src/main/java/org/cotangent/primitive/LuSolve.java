package org.cotangent.primitive;

import org.cotangent.Spec;

/**
 * X with op(A) X = B from A's factors: A [..., n, n], the first two outputs of {@link Lu} for it, and B [..., n, k] → [..., n, k].
 *
 * <p>The factors are constants; A itself is only there to carry derivatives, so that they cost two solves and no factorisation:
 * Bbar = op(A)⁻ᵀ Xbar, op(A)bar = -Bbar Xᵀ (Giles 2008, section 2.2.3).
 *
 * @param transposed whether op(A) is Aᵀ
 */
public record LuSolve(boolean transposed) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    Matrices.requireSquare(op, in[0]);
    Matrices.requireSides(op, in[0], in[3]);
    return new Spec[] {in[3]};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    Reads r = Reads.none(4, 1).withIn(0).withIn(1).withIn(2);
    return need[0] ? r.withOut(0) : r;
  }

  /** The solution, in terms of other primitives. */
  public Value compute(Ops o, Value[] in) {
    Value lu = in[1];
    Value b = in[3];
    int axis = b.rank() - 2;
    Value rows = Matrices.alongColumns(o, in[2], b.shape().dim(axis + 1));
    if (transposed) {
      Value y = o.one(new TriangularSolve(true, false, true), lu, b);
      Value z = o.one(new TriangularSolve(false, true, true), lu, y);
      return o.one(new ScatterAdd(axis, b.shape().dim(axis)), z, rows);
    }
    Value y = o.one(new TriangularSolve(false, true, false), lu, o.one(new Gather(axis), b, rows));
    return o.one(new TriangularSolve(true, false, false), lu, y);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value b = o.one(new LuSolve(!transposed), s.in(0), s.in(1), s.in(2), ct[0]);
    Value a = null;
    if (s.need()[0]) {
      Value x = s.out(0);
      Value p = transposed ? Matrices.product(o, x, Matrices.transpose(o, b)) : Matrices.product(o, b, Matrices.transpose(o, x));
      a = Matrices.times(o, -1, p);
    }
    return new Value[] {a, null, null, s.need()[3] ? b : null};
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    Value right = t[3];
    if (t[0] != null) {
      Value moved = Matrices.product(o, transposed ? Matrices.transpose(o, t[0]) : t[0], out[0]);
      right = right == null ? Matrices.times(o, -1, moved) : Matrices.sub(o, right, moved);
    }
    return right == null ? new Value[1] : o.apply(this, in[0], in[1], in[2], right);
  }

  /** Right-hand sides of one matrix become columns, so that it is not repeated. */
  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    if (mapped[0] || mapped[1] || mapped[2]) {
      return o.apply(this, o.spread(n, v, mapped));
    }
    return new Value[] {Matrices.examples(o, o.one(this, v[0], v[1], v[2], Matrices.columns(o, v[3])), n)};
  }
}
