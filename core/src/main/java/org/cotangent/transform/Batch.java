package org.cotangent.transform;

import java.util.function.Supplier;
import org.cotangent.errors.TransformException;
import org.cotangent.primitive.Custom;
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

  /** A new level inside {@code parent} over {@code size} examples, opened by {@code title}. */
  public Batch(Level parent, String title, int size, Draws draws) {
    super(parent, title);
    this.size = size;
    this.draws = draws;
  }

  /** What a random draw inside gives. */
  public Draws draws() {
    return draws;
  }

  /** Number of examples. */
  public int size() {
    return size;
  }

  @Override
  Value[] apply(Bound bound, OpName op, Primitive p, Value[] in) {
    Value[] v = in.clone();
    boolean[] mapped = new boolean[in.length];
    for (int i = 0; i < in.length; i++) {
      if (in[i] instanceof Batched b && b.by() == this) {
        v[i] = b.value();
        mapped[i] = true;
      }
    }
    Value[] y = Gate.named(op, () -> p instanceof Custom ? run(() -> p.batch(Gate.OPS, size, v, mapped)) : p.batch(Gate.OPS, size, v, mapped));
    Value[] r = new Value[y.length];
    for (int j = 0; j < r.length; j++) {
      r[j] = Batched.of(this, y[j]);
    }
    return r;
  }

  /**
   * Refuses a random draw of {@code op} unless it has a meaning here.
   *
   * @throws TransformException if neither one draw for all nor one for each was asked for
   */
  public void requireDraws(String op) {
    if (draws == Draws.ERROR) {
      throw new TransformException(
          op + ": a draw inside " + title() + " could be the same or different for each example; pass randomness(SAME) or randomness(DIFFERENT)");
    }
  }

  /** The level whose custom rule is running. */
  public static Batch ofRule() {
    return (Batch) Level.current();
  }

  /** Runs {@code body} where this level is not open: a custom rule, which sees its values without this level's wrapping. */
  public <R> R outside(Supplier<R> body) {
    return Gate.at(parent(), body);
  }

  /** {@code v} as one of this level's values with axis 0 in front: repeated if it does not depend on the example. */
  public Value unwrap(Value v) {
    return v instanceof Batched b && b.by() == this ? b.value() : Gate.OPS.spread(size, v);
  }
}
