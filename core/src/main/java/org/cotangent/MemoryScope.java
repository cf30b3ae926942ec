package org.cotangent;

import org.cotangent.lower.Scope;

/**
 * Frees at its end the storage of every tensor born inside, on this thread, that was not kept.
 *
 * <pre>{@code
 * try (var scope = MemoryScope.open()) {
 *   Tensor loss = model.apply(x).square().mean();
 *   optim.step(loss);
 *   last = scope.keep(loss.detach());
 * }
 * }</pre>
 *
 * <p>Gradients of leaves and values written in place to tensors from outside escape by themselves; so do the tensors of a
 * {@code stateDict}. What such a tensor had before a step or an in-place operation is freed too, and a gradient that {@code zeroGrad} removed,
 * at the end of the scope in which that happens: {@linkplain #keep keep} a view or a {@code detach} of a parameter, or a gradient, that is taken inside
 * and used later. What was read outside of scopes, or in one that is still open, stays.
 *
 * <p>A tensor used after its scope freed it throws {@link org.cotangent.errors.FreedException}. Without any scope, storage is left to
 * the garbage collector.
 */
public final class MemoryScope implements AutoCloseable {
  private final Scope scope = Scope.open();

  private MemoryScope() {}

  /** Opens a scope inside the thread's current one. */
  public static MemoryScope open() {
    return new MemoryScope();
  }

  /** Lets {@code t}, and what it is a view of, outlive this scope; returns it. */
  public Tensor keep(Tensor t) {
    t.keep(scope);
    return t;
  }

  /** Number of buffers born here that are not freed. */
  public int live() {
    return scope.live();
  }

  /**
   * Frees what was born here and not kept.
   *
   * @throws org.cotangent.errors.FreedException if an inner scope is still open, or on another thread
   */
  @Override
  public void close() {
    scope.close();
  }
}
