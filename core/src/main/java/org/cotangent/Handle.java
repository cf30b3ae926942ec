package org.cotangent;

import java.util.List;
import java.util.Optional;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.lower.Lease;
import org.cotangent.lower.Scope;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Broadcast;
import org.cotangent.primitive.Linear;
import org.cotangent.primitive.Put;
import org.cotangent.primitive.Value;
import org.cotangent.primitive.Window;
import org.cotangent.spi.Buffer;
import org.cotangent.transform.Gate;
import org.cotangent.transform.Level;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Reverse;
import org.cotangent.transform.Traced;
import org.cotangent.transform.Values;
import org.cotangent.transform.Wrapped;

/**
 * A mutable name for immutable values: an in-place operation rebinds it, so saved values cannot be corrupted. A view remembers its
 * base and the map that makes it, and is taken again after the base was rebound; writing to it rebinds the base.
 */
abstract class Handle {
  private Value value;
  private final Handle base;
  private final Linear view;
  private final OpName viewName;
  private long stamp;
  private long seen;
  /** Whether this view was made a leaf: its value is fixed, and an in-place write to it or to its base is refused. */
  private boolean pinned;
  private final Level birth = Level.current();
  private final Optional<Scope> home;
  /** What tells who refers to {@link #value}, where it outlives scopes that are open; null elsewhere. */
  private volatile Lease lease;

  /** A name for {@code value} that lives as long as the current scope. */
  Handle(Value value) {
    this(value, Scope.current());
  }

  /** A name for {@code value} whose later values live as long as {@code home}. */
  Handle(Value value, Optional<Scope> home) {
    this.value = value;
    this.base = null;
    this.view = null;
    this.viewName = null;
    this.home = home;
  }

  /** The view of {@code base} that {@code view} makes. */
  Handle(Handle base, Linear view, OpName name) {
    this.base = base;
    this.view = view;
    this.viewName = name;
    this.value = Gate.one(name, view, base.value());
    this.seen = base.stamp();
    this.home = base.home;
  }

  private long stamp() {
    return base == null ? stamp : base.stamp();
  }

  /** What this names now. */
  final Value value() {
    Lease l = lease;
    return l != null ? leased(l) : base != null ? viewed() : value;
  }

  /** {@link #value} for what it is alone: its type, its place, its node. */
  final Value peek() {
    return base == null ? value : viewed();
  }

  private Value viewed() {
    Value of = base.value();
    if (seen != base.stamp()) {
      if (pinned) {
        throw new InPlaceException("requiresGrad_: this leaf is a view, and its base was changed in place; copy() it before requiresGrad_()");
      }
      long now = base.stamp();
      value = Gate.one(viewName, view, of);
      seen = now;
    }
    return value;
  }

  private Value leased(Lease first) {
    Lease l = first;
    while (l != null) {
      Optional<Value> v = l.read();
      if (v.isPresent()) {
        return v.get();
      }
      l = lease;
    }
    return value;
  }

  /** Takes a value; what the storage of the one before is kept for is over. */
  private void take(Value next, Lease of) {
    Lease before = lease;
    value = next;
    stamp++;
    if (before != of) {
      lease = of;
    }
    if (before != null) {
      before.end(Optional.ofNullable(of));
    }
  }

  private void take(Value next, List<Buffer> escaped) {
    take(next, escaped.isEmpty() ? null : Lease.escaped(next, escaped));
  }

  /**
   * Rebinds this to {@code y}, which has its shape and type.
   *
   * @throws InPlaceException if that could not be right
   */
  final void bind(String op, Value y) {
    check(op, Level.of(y));
    if (base != null) {
      base.bind(op, Gate.one(OpName.of(op), new Put(view), base.value(), y));
      return;
    }
    Value next = y;
    if (value instanceof Traced t && t.node().leaf()) {
      next = new Traced(t.by(), t.by().primal(y), t.node(), 0);
    }
    take(next, Values.settle(next, home));
  }

  /** Rebinds this, which is {@link #plain}, to elements that belong to its {@link #home} and that nobody else has seen. */
  final void replace(Stored y) {
    Value next = value instanceof Traced t ? new Traced(t.by(), y, t.node(), 0) : y;
    take(next, Lease.sole(next, y.operand().buffer()));
  }

  /** Notes what of this {@linkplain Values#settle escaped} from open scopes. */
  final void escaped(List<Buffer> stored) {
    lease = stored.isEmpty() ? null : Lease.escaped(value, stored);
  }

  /** What led to this is gone; who refers to it still can. */
  final void forget() {
    take(value, (Lease) null);
  }

  /** Whether this is no view, and its value is stored or a leaf of the tape. */
  final boolean plain() {
    return base == null && (value instanceof Stored || value instanceof Traced t && t.by() == Reverse.TAPE && t.node().leaf()) && !Gate.replacing();
  }

  /** The scope that values of this belong to. */
  final Optional<Scope> home() {
    return home;
  }

  /** Refuses an in-place write that could not be right, before anything is computed. */
  final void check(String op, Level of) {
    Handle root = this;
    for (Handle h = this; h.base != null; h = h.base) {
      if (h.pinned) {
        throw new InPlaceException(op + ": this leaf is a view of another tensor; copy() it before requiresGrad_()");
      }
      root = h.base;
      if (h.view instanceof Broadcast || h.view instanceof Window) {
        throw new InPlaceException(op + ": several elements of this view share one place; copy() it first");
      }
    }
    if (of != null && of.depth() > root.birth.depth()) {
      throw new InPlaceException(
          op + ": a value made inside a " + of.title() + " cannot be written to a tensor made outside of it; return it instead");
    }
    if (root.value instanceof Traced t && t.node().leaf() && Gate.noGradDepth() < t.by().depth()) {
      throw new InPlaceException(op + ": a leaf that requires grad is changed in place; do it inside noGrad(), or copy() first");
    }
  }

  /** Adds a gradient, keeping this handle. */
  final void accumulate(Value g) {
    Value sum = Gate.OPS.add(value(), g);
    take(sum, Values.settle(sum, home));
  }

  /** Makes this a leaf of the tape, or no longer one. */
  final void leaf(boolean on) {
    if (on && Gate.inferring()) {
      throw new GradientException("requiresGrad_: nothing is recorded inside inferenceMode()");
    }
    if (on && !value().dtype().floating()) {
      throw new GradientException("requiresGrad_: only floating tensors have gradients: this is " + value().dtype());
    }
    if (value() instanceof Traced t && t.by() == Reverse.TAPE) {
      if (!on && !t.node().leaf()) {
        throw new GradientException("requiresGrad_: only a leaf can stop requiring grad; use detach()");
      }
      value = on ? value : t.primal();
      pinned &= on;
    } else if (on) {
      if (value() instanceof Wrapped w) {
        throw new GradientException("requiresGrad_: inside " + w.by().title() + " a tensor cannot become a leaf of the tape");
      }
      value = Reverse.TAPE.leaf(value(), home);
      pinned = base != null;
    }
    lease = null;
    stamp++;
  }

  /** The tape's node behind this, if there is one. */
  final Optional<Traced> traced() {
    return peek() instanceof Traced t ? Optional.of(t) : Optional.empty();
  }
}
