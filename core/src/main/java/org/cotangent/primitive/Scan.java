package org.cotangent.primitive;

import org.cotangent.Spec;
import org.cotangent.spi.Reduction;

/** Inclusive running sum or product along an axis. */
public record Scan(Reduction kind, int axis, boolean reverse) implements Primitive {
  @Override
  public Spec[] specs(String op, Spec[] in) {
    return new Spec[] {in[0]};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return kind == Reduction.SUM ? Reads.none(1, 1) : Reads.none(1, 1).withIn(0);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    return switch (kind) {
      case SUM -> o.apply(new Scan(kind, axis, !reverse), ct[0]);
      case PROD -> new Value[] {productPullback(o, s.in(0), ct[0])};
      default -> throw new IllegalStateException("no derivative for a running " + kind);
    };
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    if (t[0] == null) {
      return new Value[1];
    }
    return switch (kind) {
      case SUM -> o.apply(this, t[0]);
      case PROD -> new Value[] {productPushforward(o, in[0], t[0])};
      default -> throw new IllegalStateException("no derivative for a running " + kind);
    };
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(new Scan(kind, axis + 1, reverse), v);
  }

  private Value flipped(Ops o, Value x) {
    return reverse ? o.one(new Flip(axis), x) : x;
  }

  /** x[i] becomes x[i - k], with {@code fill} where there is none. */
  private Value shift(Ops o, Value x, int k, double fill) {
    int n = x.shape().dim(axis);
    Value head = o.full(x.spec().as(x.shape().with(axis, k)), fill, x);
    return o.one(new Concat(axis), head, o.narrow(x, axis, 0, n - k));
  }

  /**
   * Doubling: y_k[i] is the product of the last 2^k elements up to i, so y_(k+1)[i] = y_k[i] y_k[i - 2^k]. The tangent follows by
   * the product rule, without division, so zeros are right in every order.
   */
  private Value productPushforward(Ops o, Value x0, Value t0) {
    Value x = flipped(o, x0);
    Value t = flipped(o, t0);
    int n = x.shape().dim(axis);
    for (int k = 1; k < n; k *= 2) {
      Value xs = shift(o, x, k, 1);
      Value ts = shift(o, t, k, 0);
      t = o.add(o.mul(t, xs), o.mul(x, ts));
      x = o.mul(x, xs);
    }
    return flipped(o, t);
  }

  /** The doubling steps transposed, last first. */
  private Value productPullback(Ops o, Value x0, Value ct0) {
    Value x = flipped(o, x0);
    Value ct = flipped(o, ct0);
    int n = x.shape().dim(axis);
    var levels = new java.util.ArrayList<Value>();
    for (int k = 1; k < n; k *= 2) {
      levels.add(x);
      x = o.mul(x, shift(o, x, k, 1));
    }
    for (int l = levels.size() - 1; l >= 0; l--) {
      int k = 1 << l;
      Value y = levels.get(l);
      Value through = o.mul(ct, y);
      Value back = o.pad(o.narrow(through, axis, k, n - k), axis, 0, k);
      ct = o.add(o.mul(ct, shift(o, y, k, 1)), back);
    }
    return flipped(o, ct);
  }
}
