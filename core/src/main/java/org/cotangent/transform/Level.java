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
  /** The innermost running transform of this thread; unbound outside all, where the tape is current. */
  static final ScopedValue<Level> CURRENT = ScopedValue.newInstance();

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
    return CURRENT.orElse(Reverse.TAPE);
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
    if (this == Reverse.TAPE) {
      return true;
    }
    for (Level l = current(); l != null; l = l.parent) {
      if (l == this) {
        return true;
      }
    }
    return false;
  }

  /** Runs {@code body} with this level current. */
  public <R> R run(Supplier<R> body) {
    return ScopedValue.where(CURRENT, this).call(body::get);
  }

  /** The level of a value; null for one that is stored. */
  public static Level of(Value v) {
    return v instanceof Wrapped w ? w.by() : null;
  }

  abstract Value[] apply(OpName op, Primitive p, Value[] in);

  /** What a person called to open this: "grad", "vmap"; "tape". */
  public final String title() {
    return title;
  }
}
