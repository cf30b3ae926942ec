package org.cotangent.transform;

import java.util.function.Supplier;
import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Value;

/**
 * An interpreter at one depth of nesting. Its token is in every value it wraps, so that two uses at one depth cannot be confused.
 *
 * <p>A level is live on a thread if it is the tape, or the current level there or an ancestor of it; values of other levels have
 * escaped.
 */
public abstract sealed class Level permits Reverse, Forward, Batch {
  private final Level parent;
  private final int depth;
  private final String title;

  Level(Level parent, String title) {
    this.title = title;
    this.parent = parent;
    this.depth = parent == null ? 1 : parent.depth + 1;
  }

  /** The innermost running transform of this thread, or the tape. */
  public static Level current() {
    return Bound.now().level();
  }

  /** Depth of nesting; the tape is 1. */
  public int depth() {
    return depth;
  }

  /** The level around, or null for the tape. */
  Level parent() {
    return parent;
  }

  /** Whether values of this level may be used on this thread now. */
  public boolean live() {
    return live(Bound.now());
  }

  /** Whether values of this level may be used where {@code bound} is bound. */
  boolean live(Bound bound) {
    if (this == Reverse.TAPE) {
      return true;
    }
    for (Level l = bound.level(); l != null; l = l.parent) {
      if (l == this) {
        return true;
      }
    }
    return false;
  }

  /** Runs {@code body} with this level current. */
  public <R> R run(Supplier<R> body) {
    return Bound.now().level(this).run(body);
  }

  /** The level of a value; null for one that is stored. */
  public static Level of(Value v) {
    return v instanceof Wrapped w ? w.by() : null;
  }

  /** Applies a primitive at this level, where {@code bound} is bound. */
  abstract Value[] apply(Bound bound, OpName op, Primitive p, Value[] in);

  /** What a person called to open this: "grad", "vmap"; "tape". */
  public final String title() {
    return title;
  }
}
