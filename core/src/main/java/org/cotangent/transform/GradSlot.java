package org.cotangent.transform;

import java.util.Optional;
import java.util.function.BiFunction;
import org.cotangent.lower.Scope;
import org.cotangent.primitive.Value;

/** Where a gradient accumulates; it lives as long as the leaf's own scope. */
public final class GradSlot {
  /** What holds a gradient: the user's tensor. */
  public interface Holder {
    /** Adds {@code g}. */
    void accumulate(Value g);

    /** It is not the gradient any more. */
    void removed();
  }

  private final Optional<Scope> home;
  private Holder holder;

  GradSlot(Optional<Scope> home) {
    this.home = home;
  }

  /** The gradient, if one was accumulated. */
  public synchronized Optional<Holder> holder() {
    return Optional.ofNullable(holder);
  }

  /** Removes the gradient. */
  public synchronized void clear() {
    Holder last = holder;
    holder = null;
    if (last != null) {
      last.removed();
    }
  }

  /** Adds {@code g}; the holder stays the same once there is one, so that a user's reference sees the sum. */
  synchronized void accumulate(Value g, BiFunction<Value, Optional<Scope>, ? extends Holder> make) {
    if (holder == null) {
      holder = make.apply(g, home);
    } else {
      holder.accumulate(g);
    }
  }
}
