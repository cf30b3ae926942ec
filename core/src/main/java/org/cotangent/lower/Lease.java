package org.cotangent.lower;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Buffer;

/**
 * The time for which a tensor that outlives memory scopes has one value. It notes the widest scope in which the value was read: all that
 * refers to the value was made there, and is gone when that scope closes, but for what was kept. So the storage of a value that was
 * replaced is freed then and not left to the garbage collector, unless the value was read outside of any scope.
 *
 * <p>Reading and ending may meet on two threads: a reader either is noted before the end or finds the lease ended and asks again.
 */
public final class Lease {
  private static final Object OUTSIDE = new Object();
  private static final Object ENDED = new Object();
  private static final int HELD = 2;
  private static final VarHandle READERS;

  static {
    try {
      READERS = MethodHandles.lookup().findVarHandle(Lease.class, "readers", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Null once {@link #drop dropped}: by then no reader is left. */
  private Value value;
  private List<Buffer> stored;
  private final boolean sole;
  /**
   * The lease before this one while a scope is to let go of it. Scopes hold leases weakly, since one may see many; the last {@value #HELD} of a
   * tensor are held here, so that what they hold is freed at once whenever the garbage collector comes.
   */
  private Optional<Lease> before = Optional.empty();
  /** Null while nobody has read; a scope; {@link #OUTSIDE} or {@link #ENDED}. */
  private volatile Object readers;

  private Lease(Value value, List<Buffer> stored, boolean sole) {
    this.value = value;
    this.stored = stored;
    this.sole = sole;
  }

  /** A value whose storage was made for the tensor and has been seen by nobody. */
  public static Lease sole(Value v, Buffer storage) {
    return new Lease(v, List.of(storage), true);
  }

  /** A value whose storage {@linkplain Scope#escape escaped} for it from the scope that it was computed in. */
  public static Lease escaped(Value v, List<Buffer> stored) {
    return new Lease(v, stored, false);
  }

  /** The value, which the current scope may refer to from now on; empty if it was replaced meanwhile. */
  public Optional<Value> read() {
    return note() ? Optional.of(value) : Optional.empty();
  }

  private boolean note() {
    Optional<Scope> now = Scope.current();
    while (true) {
      Object known = readers;
      Object next = known == OUTSIDE || known == ENDED || now.isPresent() && known == now.get() ? known : widest(known, now);
      if (next == known || READERS.compareAndSet(this, known, next)) {
        return next != ENDED;
      }
    }
  }

  private static Object widest(Object known, Optional<Scope> now) {
    if (now.isEmpty()) {
      return OUTSIDE;
    }
    if (known == null) {
      return now.get();
    }
    Optional<Scope> both = Scope.widest((Scope) known, now.get());
    return both.isPresent() ? both.get() : OUTSIDE;
  }

  /** The tensor has another value now, on lease {@code next} if it has one. */
  public void end(Optional<Lease> next) {
    if (READERS.getAndSet(this, ENDED) instanceof Scope s && Scope.after(s, this) && next.isPresent()) {
      next.get().before = Optional.of(this);
      forget(HELD - 1);
    } else {
      before = Optional.empty();
    }
  }

  private void forget(int beyond) {
    if (beyond == 0) {
      before = Optional.empty();
    } else {
      before.ifPresent(b -> b.forget(beyond - 1));
    }
  }

  /** Nothing refers to the value because of this lease. */
  void drop() {
    List<Buffer> all = stored;
    before = Optional.empty();
    value = null;
    stored = List.of();
    all.forEach(b -> Scope.drop(b, !sole));
  }
}
