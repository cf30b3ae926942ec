package org.cotangent.transform;

import java.util.Optional;
import org.cotangent.Spec;
import org.cotangent.lower.Scope;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Value;

/** Reverse mode: every step leaves a node. The tape is the level that is always open. */
public final class Reverse extends Level {
  /** The outermost level, where {@code requiresGrad_()} and {@code backward()} work. */
  public static final Reverse TAPE = new Reverse(null, "tape");

  /** A new level inside {@code parent}, opened by {@code title}. */
  public Reverse(Level parent, String title) {
    super(parent, title);
  }

  /** A leaf of this level with the value of {@code x}, whose gradient lives as long as {@code home}. */
  public Traced leaf(Value x, Optional<Scope> home) {
    return new Traced(this, x, new Node(this, x.spec(), home), 0);
  }

  /** {@code v} without this level's node. */
  public Value primal(Value v) {
    return v instanceof Traced t && t.by() == this ? t.primal() : v;
  }

  @Override
  Value[] apply(Bound bound, OpName op, Primitive p, Value[] in) {
    int n = in.length;
    Value[] x = new Value[n];
    Spec[] specs = new Spec[n];
    Edge[] parents = new Edge[n];
    boolean[] need = new boolean[n];
    boolean stored = true;
    for (int i = 0; i < n; i++) {
      x[i] = in[i];
      if (in[i] instanceof Traced t && t.by() == this) {
        x[i] = t.primal();
        parents[i] = new Edge(t.node(), t.index());
        need[i] = true;
      }
      specs[i] = x[i].spec();
      stored &= x[i] instanceof Stored;
    }
    Value[] y = stored ? Evaluation.run(op, p, x) : Gate.apply(op, p, x); // the gate has been passed: what it does is done
    if (depth() <= bound.noGrad()) {
      return y;
    }
    Spec[] outs = new Spec[y.length];
    boolean any = false;
    for (int j = 0; j < outs.length; j++) {
      outs[j] = y[j].spec();
      any |= outs[j].dtype().floating();
    }
    if (!any) {
      return y;
    }
    Node node = new Node(this, op, p, specs, outs, parents, need, bound.anomaly(), Scope.current());
    node.save(x, y, bound.hooks());
    Value[] r = new Value[y.length];
    for (int j = 0; j < r.length; j++) {
      r[j] = outs[j].dtype().floating() ? new Traced(this, y[j], node, j) : y[j];
    }
    return r;
  }
}
