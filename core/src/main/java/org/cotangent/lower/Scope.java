package org.cotangent.lower;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
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
 * <p>The current scope of a thread is the engine's only thread-local state.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();
  private static final int SWEEP = 4096;

  private final Scope parent;
  private final Optional<Scope> self = Optional.of(this);
  private final Thread thread = Thread.currentThread();
  private Set<Buffer> kept = Set.of();
  private List<WeakReference<Buffer>> born = new ArrayList<>();
  private int sweepAt = SWEEP;
  private boolean closed;

  private Scope(Scope parent) {
    this.parent = parent;
  }

  /** Opens a scope inside the thread's current one. */
  public static Scope open() {
    Scope s = new Scope(CURRENT.get());
    CURRENT.set(s);
    return s;
  }

  /** The thread's innermost open scope. */
  public static Optional<Scope> current() {
    Scope s = CURRENT.get();
    return s == null ? Optional.empty() : s.self;
  }

  /** Lets storage belong to {@code home}, if it is still open. */
  static void born(Buffer b, Optional<Scope> home) {
    if (home.isPresent()) {
      home.get().add(b);
    }
  }

  private synchronized void add(Buffer b) {
    if (closed) {
      return;
    }
    born.add(new WeakReference<>(b));
    if (born.size() >= sweepAt) {
      born.removeIf(r -> r.get() == null || r.get().freed());
      sweepAt = Math.max(SWEEP, 2 * born.size());
    }
  }

  /** Lets storage outlive this scope; it then belongs to the one around. */
  public synchronized void keep(Buffer b) {
    kept = kept.isEmpty() ? new HashSet<>() : kept;
    kept.add(b);
  }

  /** Lets everything born here so far outlive this scope. */
  public synchronized void keepAll() {
    for (WeakReference<Buffer> r : born) {
      Buffer b = r.get();
      if (b != null) {
        keep(b);
      }
    }
  }

  /** Lets storage outlive every open scope inside {@code home} (empty: every one). */
  public static void escape(Buffer b, Optional<Scope> home) {
    for (Scope s = CURRENT.get(); s != null && s != home.orElse(null); s = s.parent) {
      s.keep(b);
    }
  }

  /** Number of buffers born here that are not freed. */
  public synchronized int live() {
    return (int) born.stream().filter(r -> r.get() != null && !r.get().freed()).count();
  }

  /** Frees what was born here and not kept. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    if (thread != Thread.currentThread() || CURRENT.get() != this) {
      throw new FreedException("memory scope: closed out of order or on another thread; close inner scopes first");
    }
    closed = true;
    CURRENT.set(parent);
    for (WeakReference<Buffer> r : born) {
      Buffer b = r.get();
      if (b != null && !b.freed()) {
        if (!kept.contains(b)) {
          b.free();
        } else if (parent != null) {
          parent.add(b);
        }
      }
    }
    born = List.of();
    kept = Set.of();
  }
}
