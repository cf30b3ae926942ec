package org.cotangent;

/** A registered hook. */
@FunctionalInterface
public interface Removable extends AutoCloseable {
  /** Takes the hook away; a second call does nothing. */
  void remove();

  /** As {@link #remove}. */
  @Override
  default void close() {
    remove();
  }
}
