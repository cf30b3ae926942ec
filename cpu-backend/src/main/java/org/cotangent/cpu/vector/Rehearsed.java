package org.cotangent.cpu.vector;

/** A loop of the kernels that has a plain and a vector form with the same bits; the latter serves once it is compiled. */
public abstract class Rehearsed extends Warming {
  /** Elements of a rehearsal. */
  protected static final int ELEMENTS = REHEARSAL;

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

  /** Runs the vector form once over {@link #ELEMENTS} elements of its own. */
  protected abstract void once();

  @Override
  final void rehearse() {
    once();
  }
}
