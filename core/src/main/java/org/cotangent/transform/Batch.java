package org.cotangent.transform;

import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Value;

/** vmap: values stand for {@link #size} examples each. */
public final class Batch extends Level {
  /** What a random draw inside gives. */
  public enum Draws {
    /** A refusal. */
    ERROR,
    /** One draw for all examples. */
    SAME,
    /** A draw for each example. */
    DIFFERENT
  }

  private final int size;
  private final Draws draws;

  /** A new level inside {@code parent} over {@code size} examples. */
  public Batch(Level parent, int size, Draws draws) {
    super(parent);
    this.size = size;
    this.draws = draws;
  }

  /** What a random draw inside gives. */
  Draws draws() {
    return draws;
  }

  /** Number of examples. */
  public int size() {
    return size;
  }

  @Override
  Value[] apply(OpName op, Primitive p, Value[] in) {
    Value[] v = in.clone();
    boolean[] mapped = new boolean[in.length];
    for (int i = 0; i < in.length; i++) {
      if (in[i] instanceof Batched b && b.by() == this) {
        v[i] = b.value();
        mapped[i] = true;
      }
    }
    Value[] y = Gate.named(op, () -> p.batch(Gate.OPS, size, v, mapped));
    Value[] r = new Value[y.length];
    for (int j = 0; j < r.length; j++) {
      r[j] = Batched.of(this, y[j]);
    }
    return r;
  }

  /** {@code v} as one of this level's values with axis 0 in front: repeated if it does not depend on the example. */
  public Value unwrap(Value v) {
    return v instanceof Batched b && b.by() == this ? b.value() : Gate.OPS.spread(size, v);
  }

  @Override
  public String title() {
    return "vmap";
  }
}
