package org.cotangent.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.cotangent.DType;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;

/** A kernel under construction: which leaves it reads, and what pending values become part of it. */
final class Kernel {
  private static final int MAX_LEAVES = 12;
  /** How often vectorised transcendental work is done again before its result is stored. */
  private static final int MAX_REPEATS = 3;
  private static final Expr ARG = Expr.arg(0);

  private final RowSpace rows;
  /** Whether the results have an element for each of the space, rather than for each row. */
  private final boolean full;
  private final List<Stored> leaves = new ArrayList<>(4);
  /** By leaf: the value that it is, or that is spread along the rows in it. */
  private final List<Stored> values = new ArrayList<>(4);
  private List<AtomicInteger> work = List.of();
  /** Sums of values that become part of this: they may go along with it. */
  private List<Stored> riders = List.of();
  /** Pending values over rows that become part of this. */
  private List<Pending> made = List.of();
  private int[] at = new int[8];
  private int used;

  /** A kernel that walks {@code rows} (null: a pointwise one) and gives results like {@code result}. */
  Kernel(RowSpace rows, Spec result) {
    this.rows = rows;
    this.full = rows == null || result.shape().equals(rows.space());
  }

  /** The expressions with what the inputs wait for put in. */
  Joined join(List<Expr> f, Stored... in) {
    Expr[] e = new Expr[in.length];
    int[] counts = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      int before = used;
      e[i] = expression(in[i]);
      counts[i] = used - before;
    }
    return Joined.of(f, e, counts, Arrays.copyOf(at, used));
  }

  private Expr expression(Stored s) {
    if (s.isConstant() && s.dtype() != DType.INT64) {
      return Expr.cast(s.dtype(), Expr.constant(s.number()));
    }
    Pending p = s.pending();
    if (p != null && p.summed != null) {
      s.operand();
      return leaf(s);
    }
    if (p != null && !full && p.rows == null) {
      s.operand();
      return leaf(s);
    }
    if (p == null || p.rows != null && !p.rows.equals(rows)) {
      return leaf(s);
    }
    Expr e = p.f.get(s.output());
    if (!Fuser.ON || e.expensive() && p.repeated() >= (e.costly() ? 1 : MAX_REPEATS)) {
      s.operand();
      return leaf(s);
    }
    if (e.expensive()) {
      work = p.work(work);
    }
    riders = p.riders(riders);
    made = p.made(made);
    for (Stored leaf : p.leaves) {
      note(leaf, leaf);
    }
    return s.dtype().half() ? Expr.cast(s.dtype(), e) : e; // rounded here, as if it had been stored
  }

  /** An input, which has the shape of the result. */
  private Expr leaf(Stored s) {
    note(s, full ? s : Stored.alias(s.spec().as(rows.space()), s, rows::spread));
    return ARG;
  }

  /** The next argument is {@code value}, which is read as {@code leaf} where it is new. */
  private void note(Stored value, Stored leaf) {
    int k = 0;
    while (k < values.size() && values.get(k) != value) {
      k++;
    }
    if (k == values.size()) {
      values.add(value);
      leaves.add(leaf);
    }
    at = used == at.length ? Arrays.copyOf(at, 2 * used) : at;
    at[used++] = k;
  }

  boolean fits(Joined f) {
    return f.small() && leaves.size() <= MAX_LEAVES;
  }

  Pending pending(Joined f) {
    Pending p = new Pending(f.f(), leaves.toArray(Stored[]::new), rows, work, null);
    p.carry(riders);
    p.madeOf(made);
    return p;
  }

  /** The sum of a value, which {@code f} is, over the rows. */
  Pending summing(Joined f, Stored value) {
    return new Pending(f.f(), leaves.toArray(Stored[]::new), rows, work, value);
  }
}
