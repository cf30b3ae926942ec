package org.cotangent.primitive;

import org.cotangent.Spec;

/** A function of the user's own, with the rules that came with it; one object for each application. */
public record Custom(Rules rules) implements Primitive {
  /** What stands behind a custom function. */
  public interface Rules {
    /** The outputs, computed with gradients off. */
    Value[] forward(Value[] in);

    /** Number of outputs; known once {@link #forward} ran. */
    int outputs();

    /** Cotangents of the inputs. */
    Value[] vjp(Saved s, Value[] ct);

    /** Tangents of the outputs. */
    Value[] jvp(Value[] in, Value[] t, Value[] out);

    /** The outputs for n examples. */
    Value[] batch(int n, Value[] v, boolean[] mapped);
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    throw new IllegalStateException("the outputs of a custom function are known only when it ran");
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.all(in.length, rules.outputs());
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value[] c = ct.clone();
    for (int j = 0; j < c.length; j++) {
      c[j] = c[j] == null ? o.zeros(s.outSpec()[j], s.ins()[0]) : c[j];
    }
    return rules.vjp(s, c);
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    return rules.jvp(in, t, out);
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return rules.batch(n, v, mapped);
  }
}
