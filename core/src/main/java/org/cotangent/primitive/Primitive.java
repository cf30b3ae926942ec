package org.cotangent.primitive;

import org.cotangent.Spec;

/**
 * An operation with all its meanings: shapes, what backward reads, transposed derivative, derivative, batching rule.
 *
 * <p>Rules are functional: they never change a value. In cotangents and tangents, in both directions, {@code null} is the zero that
 * follows from structure. A missing rule is a compile error.
 */
public sealed interface Primitive
    permits Pointwise, Contract, Reduce, ArgReduce, Scan, Sort, Put, Linear, Random, Custom, Cholesky, Lu, LuSolve, TriangularSolve, Qr, Eigh, Svd {
  /** Specs of the outputs; refuses inputs that do not fit, in the name of {@code op}. */
  Spec[] specs(String op, Spec[] in);

  /** What {@link #vjp} reads when the inputs marked in {@code need} want cotangents. */
  Reads reads(Spec[] in, boolean[] need);

  /** Cotangents of the inputs from those of the outputs. */
  Value[] vjp(Ops o, Saved s, Value[] ct);

  /** Tangents of the outputs from inputs, their tangents, and the outputs. */
  Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out);

  /** The operation on n examples at once: axis 0 of the mapped inputs and of every output counts them. */
  Value[] batch(Ops o, int n, Value[] v, boolean[] mapped);

  /** Whether only the layout changes, so that the result may share its input's storage. */
  default boolean view() {
    return false;
  }
}
