package org.cotangent.transform;

import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Value;

/** Forward mode: values carry tangents. */
public final class Forward extends Level {
  /** A new level inside {@code parent}, opened by {@code title}. */
  public Forward(Level parent, String title) {
    super(parent, title);
  }

  @Override
  Value[] apply(Bound bound, OpName op, Primitive p, Value[] in) {
    Value[] x = in.clone();
    Value[] t = new Value[in.length];
    for (int i = 0; i < in.length; i++) {
      if (in[i] instanceof Dual d && d.by() == this) {
        x[i] = d.primal();
        t[i] = d.tangent();
      }
    }
    Value[] y = Gate.apply(op, p, x);
    boolean any = false;
    for (Value v : y) {
      any |= v.dtype().floating();
    }
    if (!any) {
      return y;
    }
    Value[] dy = p.jvp(Gate.OPS, x, t, y);
    Value[] r = y.clone();
    for (int j = 0; j < r.length; j++) {
      if (dy[j] != null && y[j].dtype().floating()) {
        r[j] = new Dual(this, y[j], dy[j]);
      }
    }
    return r;
  }

  /** {@code v} without this level's tangent. */
  public Value primal(Value v) {
    return v instanceof Dual d && d.by() == this ? d.primal() : v;
  }

  /** The tangent of {@code v}, zeros if it has none. */
  public Value tangent(Value v) {
    return v instanceof Dual d && d.by() == this ? d.tangent() : Gate.OPS.zeros(v.spec(), v);
  }
}
