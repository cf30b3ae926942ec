package org.cotangent.primitive;

import org.cotangent.Spec;

/** A function of the user's own, with the rules that came with it. */
public record Custom(Rules rules) implements Primitive {
  /** What stands behind a custom function. */
  public interface Rules {
    /** For messages. */
    String name();

    /** The outputs, computed with gradients off. */
    Value[] forward(Value[] in);

    /** Specs of the outputs. */
    Spec[] specs(Spec[] in);

    /** Cotangents of the inputs. */
    Value[] vjp(Value[] in, Value[] out, Value[] ct, boolean[] need);

    /** Tangents of the outputs. */
    Value[] jvp(Value[] in, Value[] t, Value[] out);

    /** The outputs for n examples. */
    Value[] batch(int n, Value[] v, boolean[] mapped);
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    return rules.specs(in);
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return Reads.all(in.length, rules.specs(in).length);
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    Value[] c = ct.clone();
    Value like = s.ins()[0];
    for (int j = 0; j < c.length; j++) {
      c[j] = c[j] == null ? o.zeros(s.outSpec()[j], like) : c[j];
    }
    return rules.vjp(s.ins(), s.outs(), c, s.need());
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
