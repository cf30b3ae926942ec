package org.cotangent.lower;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cotangent.errors.FreedException;
import org.cotangent.spi.Buffer;

/**
 * The storage born on a thread between opening and closing. Closing frees it, but for what was kept, which then belongs to the
 * scope around.
 *
 * <p>A buffer's {@linkplain Buffer#tenure tenure} counts who holds it beyond the scope that it was born in, and says whether that scope is
 * closed. Once it is, nobody else can refer to the buffer, and when the last holder lets go it can be freed.
 *
 * <p>The current scope of a thread is the engine's only thread-local state.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Place> PLACE = ThreadLocal.withInitial(Place::new);
  private static final VarHandle COUNT;
  private static final int SWEEP = 4096;
  /** What a scope holds until it closes, though nobody else does: a reference that does not hold costs as much as a small buffer. */
  private static final long BYTES_HELD = 1 << 20;
  /** What a buffer takes beside its elements. */
  private static final int OVERHEAD = 64;
  private static final Object[] NOTHING = {};
  /** The bit of a buffer's tenure that says that it outlived the scope it was born in; the others count its holders. */
  private static final int OUTLIVED = 1 << 31;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(Scope.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Where a thread is: its innermost open scope, or null. */
  private static final class Place {
    private Scope current;
  }

  private final Place place;
  private final Scope parent;
  private final Optional<Scope> self = Optional.of(this);
  private final Thread thread = Thread.currentThread();
  private Set<Buffer> kept = Set.of();
  /** What the scope's thread bore: buffers, or weak references to them from {@link #BYTES_HELD} on. */
  private Object[] born = NOTHING;
  private int count;
  private long room = BYTES_HELD;
  private int sweepAt = SWEEP;
  /** Leases of values that were replaced while this scope referred to them. */
  private List<WeakReference<Lease>> ended = List.of();
  private int sweepEndedAt = SWEEP;
  /** What other threads bore, computing late. */
  private List<WeakReference<Buffer>> late = List.of();
  private boolean closed;
  /** Whether all that refers to anything here may outlive the scope. */
  private boolean open;

  private Scope(Place place) {
    this.place = place;
    this.parent = place.current;
  }

  /** Opens a scope inside the thread's current one. */
  public static Scope open() {
    Place p = PLACE.get();
    Scope s = new Scope(p);
    p.current = s;
    return s;
  }

  /** The thread's innermost open scope. */
  public static Optional<Scope> current() {
    Scope s = PLACE.get().current;
    return s == null ? Optional.empty() : s.self;
  }

  /** Lets storage belong to {@code home}, if it is still open. */
  static void born(Buffer b, Optional<Scope> home) {
    if (home.isPresent()) {
      home.get().add(b);
    }
  }

  private void add(Buffer b) {
    if (thread != Thread.currentThread()) {
      addLate(b);
    } else if (!closed) {
      long bytes = OVERHEAD + b.size() * b.dtype().bytes();
      boolean held = bytes <= room;
      room -= held ? bytes : 0;
      put(held ? b : new WeakReference<>(b));
    }
  }

  private void put(Object b) {
    if (count == born.length) {
      born = Arrays.copyOf(born, Math.max(4, 2 * count));
    }
    born[count] = b;
    COUNT.setRelease(this, count + 1);
    if (count >= sweepAt) {
      sweep();
    }
  }

  private void sweep() {
    Object[] rest = new Object[born.length];
    int n = 0;
    for (int i = 0; i < count; i++) {
      Buffer b = buffer(born[i]);
      if (b != null && !b.freed()) {
        rest[n++] = born[i];
      }
    }
    born = rest;
    COUNT.setRelease(this, n);
    sweepAt = Math.max(SWEEP, 2 * n);
  }

  private static Buffer buffer(Object entry) {
    return entry instanceof WeakReference<?> w ? (Buffer) w.get() : (Buffer) entry;
  }

  private synchronized void addLate(Buffer b) {
    if (!closed) {
      late = late.isEmpty() ? new ArrayList<>() : late;
      late.add(new WeakReference<>(b));
    }
  }

  /** What was born here and is not freed. */
  private List<Buffer> alive() {
    var all = new ArrayList<Buffer>();
    int n = (int) COUNT.getAcquire(this);
    Object[] known = born;
    for (int i = 0; i < Math.min(n, known.length); i++) {
      Buffer b = buffer(known[i]);
      if (b != null && !b.freed()) {
        all.add(b);
      }
    }
    for (WeakReference<Buffer> r : late) {
      Buffer b = r.get();
      if (b != null && !b.freed()) {
        all.add(b);
      }
    }
    return all;
  }

  /** Lets storage outlive this scope; it then belongs to the one around. */
  public void keep(Buffer b) {
    hold(b);
    spare(b);
  }

  private synchronized void spare(Buffer b) {
    kept = kept.isEmpty() ? new HashSet<>() : kept;
    kept.add(b);
  }

  /** Lets everything born here so far outlive this scope, and whatever refers to it or to something else. */
  public synchronized void keepAll() {
    alive().forEach(this::keep);
    open = true;
  }

  /** Lets storage outlive every open scope inside {@code home} (empty: every one) until a {@link Lease} of it ends; whether there is one. */
  public static boolean escape(Buffer b, Optional<Scope> home) {
    Scope stop = home.orElse(null);
    Scope first = PLACE.get().current;
    if (first == null || first == stop) {
      return false;
    }
    hold(b);
    for (Scope s = first; s != null && s != stop; s = s.parent) {
      s.spare(b);
    }
    return true;
  }

  private static void hold(Buffer b) {
    synchronized (b) {
      b.tenure(b.tenure() + 1);
    }
  }

  private static boolean held(Buffer b) {
    return (b.tenure() & ~OUTLIVED) != 0;
  }

  /** One holder less, if storage {@linkplain #escape escaped} for it; frees it when nobody else holds it and nothing born with it is left. */
  static void drop(Buffer b, boolean escaped) {
    synchronized (b) {
      b.tenure(escaped ? b.tenure() - 1 : b.tenure());
      if (held(b) || escaped && b.tenure() >= 0) {
        return;
      }
    }
    b.free();
  }

  /**
   * The widest scope that references made in {@code a} or in {@code b} live in; empty if that is none. A closed scope has no references any
   * more, unless it let all of them out.
   */
  static Optional<Scope> widest(Scope a, Scope b) {
    Scope x = ending(a);
    if (x == null) {
      return Optional.empty();
    }
    if (x.shut() || x.inside(b)) {
      return b.self;
    }
    return b.inside(x) ? x.self : Optional.empty();
  }

  private static Scope ending(Scope s) {
    Scope e = s;
    while (e != null && e.transparent()) {
      e = e.parent;
    }
    return e;
  }

  private synchronized boolean transparent() {
    return closed && open;
  }

  private synchronized boolean shut() {
    return closed;
  }

  private boolean inside(Scope outer) {
    Scope s = this;
    while (s != null && s != outer) {
      s = s.parent;
    }
    return s != null;
  }

  /** Lets go of a lease once no reference made in {@code readers} is left: now, or when that scope closes, if this thread has it open. Whether it waits. */
  static boolean after(Scope readers, Lease ended) {
    Scope r = ending(readers);
    boolean waits = r != null && !r.shut() && r.thread == Thread.currentThread();
    if (waits) {
      r.later(ended);
    } else if (r != null && r.shut()) {
      ended.drop();
    }
    return waits;
  }

  private void later(Lease l) {
    if (ended.size() >= sweepEndedAt) {
      ended.removeIf(w -> w.get() == null);
      sweepEndedAt = Math.max(SWEEP, 2 * ended.size());
    }
    ended = ended.isEmpty() ? new ArrayList<>() : ended;
    ended.add(new WeakReference<>(l));
  }

  /** Number of buffers born here that are not freed. */
  public synchronized int live() {
    return alive().size();
  }

  /** Frees what was born here and not kept. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    if (thread != Thread.currentThread() || place.current != this) {
      throw new FreedException("memory scope: closed out of order or on another thread; close inner scopes first");
    }
    closed = true;
    place.current = parent;
    for (int i = 0; i < count; i++) {
      leave(buffer(born[i]));
    }
    for (WeakReference<Buffer> r : late) {
      leave(r.get());
    }
    for (WeakReference<Lease> w : ended) {
      Lease l = w.get();
      if (l != null && !open) {
        l.drop();
      } else if (l != null && parent != null) {
        parent.later(l);
      }
    }
    born = NOTHING;
    count = 0;
    late = List.of();
    ended = List.of();
    kept = Set.of();
  }

  private void leave(Buffer b) {
    if (b != null && !b.freed()) {
      if (!kept.contains(b) || !held(b)) {
        b.free();
      } else {
        synchronized (b) {
          b.tenure(b.tenure() | OUTLIVED);
        }
        if (parent != null) {
          parent.add(b);
        }
      }
    }
  }
}
