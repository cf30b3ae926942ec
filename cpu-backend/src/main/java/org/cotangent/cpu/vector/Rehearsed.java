package org.cotangent.cpu.vector;

/** A loop of the kernels that has a plain and a vector form with the same bits; the latter serves once it is compiled. */
public abstract class Rehearsed extends Warming {
  /** Not ready. */
  protected Rehearsed() {}

  /** Whether the vector form is to be used. */
  protected final boolean vectors() {
    return ready();
  }

  /** Counts elements that went through the plain form. */
  protected final void counted(int n) {
    saw(n);
  }

  /** Runs the vector form once over {@code n} elements of its own: none, or a multiple of 64 and 7 more. */
  protected abstract void once(int n);

  @Override
  final void rehearse(int n) {
    once(n);
  }
}
