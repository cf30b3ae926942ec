package org.cotangent.lower;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.expr.Scalar;
import org.cotangent.primitive.Broadcast;
import org.cotangent.primitive.Linear;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Reduce;
import org.cotangent.primitive.Reshape;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Reduction;

/**
 * Pending evaluation: a pointwise result waits, and is substituted into the kernels that consume it, each computing it anew from the
 * leaves; anything else forces it. Constants become part of the expression.
 *
 * <p>A reduction along the last axes waits too, and may be broadcast back over its own rows: softmax and layer norm, written as
 * compositions, are one kernel each that walks a row while it is in the cache, and so are their derivatives. The parts of such a kernel
 * are full values, with an element for each of the {@linkplain RowSpace space}, and values with one for each row.
 *
 * <p>A value with transcendental functions is repeated three times at most, and once if they have no vector form. {@code -Dcotangent.fuse=false} computes every kernel at once.
 */
public final class Fuser {
  static final boolean ON = Boolean.parseBoolean(System.getProperty("cotangent.fuse", "true"));
  /** Kernels that wait one behind the other, at most: each is a call within a call when the last one is forced. */
  private static final int MAX_BEHIND = 8;

  /** Sums that wait for a kernel that reads what they are of, at most. */
  private static final int MAX_SUMS = 2;

  private static final List<Expr> ITSELF = List.of(Expr.arg(0));
  private static final List<Expr> ROW_SUM = List.of(Expr.call(Fn.ROW_SUM, Expr.arg(0)));
  private static final List<Expr> ROW_MAX = List.of(Expr.call(Fn.ROW_MAX, Expr.arg(0)));
  private static final List<Expr> ROW_MIN = List.of(Expr.call(Fn.ROW_MIN, Expr.arg(0)));

  private Fuser() {}

  /** The outputs of a pointwise kernel, with these specs, on inputs of one shape. */
  public static Stored[] pointwise(Pointwise p, Stored[] in, Spec[] specs, Device device) {
    Stored[] folded = constants(p, in, specs, device);
    if (folded != null) {
      return folded;
    }
    Pending pending;
    if (direct(in)) {
      pending = new Pending(p.f(), in, null, List.of(), null);
    } else {
      Kernel k = new Kernel(rows(in, specs[0]), specs[0]);
      Joined f = k.join(p.f(), in);
      if (!k.fits(f)) {
        for (Stored s : in) {
          s.compute();
        }
        k = new Kernel(null, specs[0]);
        f = k.join(p.f(), in);
      }
      pending = k.pending(f);
    }
    Stored[] out = new Stored[specs.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = Stored.pending(specs[j], device, pending, j);
    }
    pending.outs(out);
    if (!ON || exported(pending.leaves)) {
      pending.force();
    }
    return out;
  }

  /** Whether all inputs are different and in storage, so that nothing is to be substituted. */
  private static boolean direct(Stored[] in) {
    for (int i = 0; i < in.length; i++) {
      if (in[i].isConstant() || !in[i].ready()) {
        return false;
      }
      for (int j = 0; j < i; j++) {
        if (in[i] == in[j]) {
          return false;
        }
      }
    }
    return true;
  }

  /** A reduction along the last axes that waits; empty if it must be computed by a kernel of its own. */
  public static Optional<Stored> reduce(Reduce p, Stored x, Spec out) {
    List<Expr> fold = switch (p.kind()) {
      case SUM -> ROW_SUM;
      case MAX -> ROW_MAX;
      case MIN -> ROW_MIN;
      case PROD -> List.of();
    };
    int lead = x.shape().rank() - p.axes().length;
    Optional<Stored> rides = ride(p, x, out);
    if (rides.isPresent()) {
      return rides;
    }
    if (!ON || fold.isEmpty() || x.isConstant() || p.axes().length == 0 || lead == 0 || p.axes()[0] != lead || !computed(x.dtype()) || x.spec().size() == 0) {
      return Optional.empty();
    }
    RowSpace rows = new RowSpace(x.shape(), lead);
    if (rows.length() < 2 || rows.length() > Backends.of(x.device()).longestRow()) {
      return Optional.empty();
    }
    Pending q = x.pending();
    if (q != null && q.rows != null && !(x.full() && q.rows.equals(rows))) {
      apart(x, q);
    }
    Kernel k = new Kernel(rows, x.spec());
    Joined f = k.join(fold, x);
    if (!k.fits(f)) {
      x.operand();
      k = new Kernel(rows, x.spec());
      f = k.join(fold, x);
    }
    Pending pending = k.pending(f);
    Stored y = Stored.pending(out, x.device(), pending, 0);
    pending.outs(y);
    if (exported(pending.leaves)) {
      pending.force();
    }
    return Optional.of(y);
  }

  /**
   * A sum over the first axes, which waits. Of a value that waits it rides on the kernel that computes the value, or what is made of it; of one in
   * storage on a kernel that reads it. The kernel adds up the rows that it walks.
   */
  private static Optional<Stored> ride(Reduce p, Stored x, Spec out) {
    Pending q = x.pending();
    int lead = p.axes().length;
    if (!ON || x.isConstant() || q != null && q.summed != null || p.kind() != Reduction.SUM || lead == 0 || lead == x.shape().rank()
        || p.axes()[lead - 1] != lead - 1 || !computed(x.dtype()) || x.spec().size() == 0 || !Backends.of(x.device()).sumsRows()) {
      return Optional.empty();
    }
    RowSpace rows = new RowSpace(x.shape(), lead);
    if (rows.length() > Backends.of(x.device()).longestRow() || q != null && q.rows != null && !(x.full() && q.rows.equals(rows))) {
      return Optional.empty();
    }
    if (q == null && (rows.length() < 2 || x.sums().size() >= MAX_SUMS || !x.operand().layout().contiguous() || x.operand().buffer().exported())) {
      return Optional.empty();
    }
    Kernel k = new Kernel(rows, x.spec());
    Joined f = k.join(ITSELF, x);
    if (q != null && (x.ready() || !k.fits(f) || exported(q.leaves))) {
      return Optional.empty();
    }
    Pending sum = k.summing(f, x);
    Stored y = Stored.pending(out, x.device(), sum, 0);
    sum.outs(y);
    if (q == null) {
      x.carry(y);
    } else {
      q.carry(List.of(y));
    }
    return Optional.of(y);
  }

  /**
   * An input that waits for a kernel over other rows than its consumer's: computed now, or, if it is one number a row, when the consumer is. Then it
   * goes along where a kernel over its own rows runs before, such as that of a gradient: a loss and its gradient walk their input once.
   */
  private static void apart(Stored s, Pending p) {
    if (s.full() || p.summed != null || p.behind() >= MAX_BEHIND) {
      s.operand();
    } else {
      p.goAlong(s);
    }
  }

  private static boolean computed(DType t) {
    return t == DType.FLOAT32 || t == DType.FLOAT64;
  }

  /** A view of a pending value with one element for each row, which is stored densely: under another shape, or repeated along the rows. */
  public static Optional<Stored> view(Linear p, Stored x, Spec out) {
    Pending q = x.pending();
    if (q == null || q.rows == null || q.summed != null || x.full()) {
      return Optional.empty();
    }
    RowSpace rows = q.rows;
    if (p instanceof Reshape) {
      return Optional.of(Stored.alias(out, x, l -> l.reshape(out.shape().dims()).orElseThrow()));
    }
    if (p instanceof Broadcast b && out.shape().equals(rows.space()) && x.shape().rank() == rows.lead() && rows.leading(b.axes())) {
      return Optional.of(Stored.alias(out, x, l -> l.broadcast(out.shape().dims(), b.axes())));
    }
    return Optional.empty();
  }

  /** The space of rows that the inputs of a pointwise kernel wait for, if the result can join it; inputs that cannot stay {@linkplain #apart apart}. */
  private static RowSpace rows(Stored[] in, Spec out) {
    RowSpace rows = null;
    for (Stored s : in) {
      Pending p = s.pending();
      if (p == null || p.rows == null) {
        continue;
      }
      boolean joins = p.summed == null && (out.shape().equals(p.rows.space()) || p.rows.counts(out.shape()));
      if (joins && rows == null) {
        rows = p.rows;
      } else if (!joins || !p.rows.equals(rows)) {
        apart(s, p);
      }
    }
    return rows;
  }

  /** Computes values now, those of one space and device in one kernel. */
  public static void force(List<Stored> values) {
    Pending first = values.isEmpty() ? null : values.get(0).pending();
    boolean one = true;
    for (Stored v : values) {
      Pending p = v.pending();
      one &= p == first || p == null;
    }
    if (one) {
      values.forEach(Stored::compute);
      return;
    }
    Map<Object, List<Stored>> groups = new LinkedHashMap<>();
    for (Stored v : values) {
      Pending p = v.pending();
      if (p != null) {
        groups.computeIfAbsent(List.of(p.space(), v.device()), g -> new ArrayList<>()).add(v);
      }
    }
    // sums last: they may go along with what is not one
    groups.values().stream().filter(g -> !sums(g)).forEach(Pending::force);
    groups.values().forEach(Pending::force);
  }

  private static boolean sums(List<Stored> values) {
    for (Stored v : values) {
      Pending p = v.pending();
      if (p != null && p.summed == null) {
        return false;
      }
    }
    return true;
  }

  /** Constants if every input is one and the arithmetic is plain; else null. */
  private static Stored[] constants(Pointwise p, Stored[] in, Spec[] specs, Device device) {
    for (Stored s : in) {
      if (!s.isConstant() || s.dtype() == DType.INT64) {
        return null; // int64 constants are leaves: an expression's constants are doubles
      }
    }
    Program program = Program.of(new Kernel(null, specs[0]).join(p.f(), in).f(), List.of());
    Stored[] out = new Stored[specs.length];
    for (int j = 0; j < out.length; j++) {
      OptionalDouble v = Scalar.evaluate(program, j);
      if (v.isEmpty()) {
        return null;
      }
      out[j] = Stored.constant(specs[j], device, v.getAsDouble());
    }
    return out;
  }

  private static boolean exported(Stored[] leaves) {
    for (Stored s : leaves) {
      if (!s.isConstant() && s.ready() && s.operand().buffer().exported()) {
        return true;
      }
    }
    return false;
  }
}
