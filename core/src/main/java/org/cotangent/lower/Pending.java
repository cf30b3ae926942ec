package org.cotangent.lower;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.cotangent.DType;
import org.cotangent.errors.InPlaceException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Program;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/**
 * A kernel that has not run: expressions over leaves that are in storage, and the values that wait for it. With {@code rows} it walks
 * rows, its leaves have the shape of the space, and an output has either that shape or one element for each row.
 */
final class Pending {
  final List<Expr> f;
  final Stored[] leaves;
  /** Null for a pointwise kernel. */
  final RowSpace rows;
  /** Of the leaves; null if all are 0, as nearly always. */
  private final int[] versions;
  /** How often the transcendental work of this was done inside another kernel; null as long as nobody asked for it. */
  private volatile AtomicInteger repeats;
  /** The counters of the pending values whose work is part of this. */
  private final List<AtomicInteger> parts;
  private Stored[] outs;
  /** The value whose sum over the rows this is; null for all other kernels. */
  final Stored summed;
  /** Sums of this, or of what is part of this, over rows, and numbers of rows that kernels over others wait for: they go along when this runs. */
  private volatile List<Stored> riders = List.of();
  /** Other pending values over these rows that are part of this. */
  private List<Pending> made = List.of();
  private int behind = -1;

  Pending(List<Expr> f, Stored[] leaves, RowSpace rows, List<AtomicInteger> parts, Stored summed) {
    this.f = f;
    this.summed = summed;
    this.parts = parts;
    this.leaves = leaves;
    this.rows = rows;
    this.versions = versions(leaves);
  }

  private static int[] versions(Stored[] leaves) {
    int[] v = null;
    for (int i = 0; i < leaves.length; i++) {
      int now = leaves[i].version();
      if (now != 0) {
        v = v == null ? new int[leaves.length] : v;
        v[i] = now;
      }
    }
    return v;
  }

  void outs(Stored... values) {
    outs = values;
  }

  /** How many kernels that ran did this one's work too. */
  int repeated() {
    AtomicInteger r = repeats;
    return r == null ? 0 : r.get();
  }

  private AtomicInteger repeats() {
    AtomicInteger r = repeats;
    if (r == null) {
      synchronized (this) {
        r = repeats == null ? new AtomicInteger() : repeats;
        repeats = r;
      }
    }
    return r;
  }

  /** {@code known} and the counters of the transcendental work in this. */
  List<AtomicInteger> work(List<AtomicInteger> known) {
    var all = new ArrayList<AtomicInteger>(known.size() + parts.size() + 1);
    all.addAll(known);
    for (AtomicInteger c : parts) {
      if (!all.contains(c)) {
        all.add(c);
      }
    }
    AtomicInteger own = repeats();
    if (!all.contains(own)) {
      all.add(own);
    }
    return all;
  }

  /** Lets sums over rows go along when this runs. */
  void carry(List<Stored> sums) {
    if (!sums.isEmpty()) {
      riders = riders(sums);
    }
  }

  /** {@code known} and the sums that go along with this. */
  List<Stored> riders(List<Stored> known) {
    List<Stored> own = riders;
    if (own.isEmpty() || known == own) {
      return known;
    }
    var all = new ArrayList<>(known);
    for (Stored r : own) {
      if (!r.ready() && !all.contains(r)) {
        all.add(r);
      }
    }
    return all;
  }

  /** Says what pending values over these rows are part of this. */
  void madeOf(List<Pending> parts) {
    made = parts;
  }

  /** {@code known}, this, and what is part of this, where it walks rows. */
  List<Pending> made(List<Pending> known) {
    if (rows == null || known.contains(this)) {
      return known;
    }
    var all = new ArrayList<Pending>(known.size() + made.size() + 1);
    all.addAll(known);
    all.add(this);
    for (Pending p : made) {
      if (!all.contains(p)) {
        all.add(p);
      }
    }
    return all;
  }

  /** How many kernels, one behind the other, have to run before this one can, as it was when first asked. */
  int behind() {
    if (behind < 0) {
      int n = 0;
      for (Stored s : leaves) {
        Pending p = s.pending();
        n = p == null ? n : Math.max(n, 1 + p.behind());
      }
      behind = n;
    }
    return behind;
  }

  /** Lets {@code number}, an output of this that a kernel over other rows waits for, go along with any kernel that is made of a part of this. */
  void goAlong(Stored number) {
    for (Pending p : made) {
      if (!p.riders.contains(number)) {
        p.carry(List.of(number));
      }
    }
  }

  /** Computes all outputs in one kernel. */
  void force() {
    run();
  }

  /** What kernels must share to be one. */
  Object space() {
    return rows == null ? outs[0].shape() : rows;
  }

  /** Computes those of values of one space and device that are still pending, each kernel's siblings with it, in one kernel. */
  static void force(List<Stored> values) {
    var done = new ArrayList<Pending>();
    for (Stored v : values) {
      Pending p = v.pending();
      if (p != null && !done.contains(p)) {
        done.add(p);
      }
    }
    if (done.isEmpty()) {
      return; // all rode on the kernels of another space
    }
    if (done.size() == 1) {
      done.get(0).run();
      return;
    }
    RowSpace space = done.get(0).rows;
    for (Pending p : List.copyOf(done)) {
      space = p.passengers(done, space);
    }
    together(done);
  }

  /** Adds what can go along with this, over rows of {@code space} or, where it is null, of one with the outputs' elements. */
  private RowSpace passengers(List<Pending> all, RowSpace space) {
    RowSpace found = passengers(riders, all, space);
    for (Stored leaf : leaves) {
      found = passengers(leaf.sums(), all, found);
    }
    return found;
  }

  private RowSpace passengers(List<Stored> riding, List<Pending> all, RowSpace space) {
    for (Stored s : riding) {
      Pending p = s.pending();
      if (p != null && !all.contains(p) && (space == null ? outs[0].shape().equals(p.rows.space()) : p.rows.equals(space)) && p.intact()) {
        space = p.rows;
        all.add(p);
      }
    }
    return space;
  }

  /** Computes the outputs of kernels of one space in one kernel, sums over rows last. */
  private static void together(List<Pending> all) {
    var exprs = new ArrayList<Expr>();
    var outs = new ArrayList<Stored>();
    var leaves = new IdentityHashMap<Stored, Integer>();
    var order = new ArrayList<Stored>();
    var work = new ArrayList<AtomicInteger>();
    RowSpace rows = null;
    int sums = 0;
    for (Pending p : sumsLast(all)) {
      if (p.summed != null && p.summed.ready() && !(p.sumsLeaf() && read(p.summed, all))) {
        p.run();
        continue;
      }
      p.check();
      rows = p.rows == null ? rows : p.rows;
      sums += p.summed == null ? 0 : 1;
      for (AtomicInteger c : p.parts) {
        if (!work.contains(c)) {
          work.add(c);
        }
      }
      int[] at = new int[p.leaves.length];
      for (int i = 0; i < at.length; i++) {
        Integer known = leaves.putIfAbsent(p.leaves[i], order.size());
        at[i] = known == null ? order.size() : known;
        if (known == null) {
          order.add(p.leaves[i]);
        }
      }
      List<Expr> f = Joined.renamed(p.f, at);
      for (int j = 0; j < p.f.size(); j++) {
        exprs.add(f.get(j));
        outs.add(p.outs[j]);
      }
    }
    if (!outs.isEmpty()) {
      new Pending(exprs, order.toArray(Stored[]::new), rows, work, null).compute(outs.toArray(Stored[]::new), sums);
    }
  }

  private static List<Pending> sumsLast(List<Pending> all) {
    var r = new ArrayList<Pending>(all.size());
    for (Pending p : all) {
      if (p.summed == null) {
        r.add(p);
      }
    }
    for (Pending p : all) {
      if (p.summed != null) {
        r.add(p);
      }
    }
    return r;
  }

  /** Whether this is the sum of a value that was in storage when it was asked for. */
  private boolean sumsLeaf() {
    return leaves.length == 1 && leaves[0] == summed;
  }

  /** Whether a kernel that is no sum of it reads {@code leaf}. */
  private static boolean read(Stored leaf, List<Pending> all) {
    for (Pending p : all) {
      if (!p.sumsLeaf() && List.of(p.leaves).contains(leaf)) {
        return true;
      }
    }
    return false;
  }

  private boolean carries() {
    boolean any = !riders.isEmpty();
    for (int i = 0; !any && i < leaves.length; i++) {
      any = !leaves[i].sums().isEmpty();
    }
    return any;
  }

  private synchronized void run() {
    if (outs[0].ready()) {
      return;
    }
    if (summed != null && summed.ready()) {
      check();
      reduce();
      return;
    }
    if (carries()) {
      var all = new ArrayList<>(List.of(this));
      passengers(all, rows);
      riders = List.of();
      if (all.size() > 1) {
        together(all);
        return;
      }
    }
    check();
    compute(outs, summed == null ? 0 : 1);
  }

  /** The sum of a value that was computed without this. */
  private void reduce() {
    Backend b = Backends.of(outs[0].device());
    Operand in = summed.operand();
    Operand out = outs[0].target(b, leaves);
    b.reduce(Reduction.SUM, in, java.util.stream.IntStream.range(0, rows.lead()).toArray(), out);
    outs[0].computed(out);
  }

  /** Whether all that this reads is there and unchanged: what goes along must not fail the kernel that takes it. */
  private boolean intact() {
    for (int i = 0; i < leaves.length; i++) {
      Pending q = leaves[i].pending();
      boolean there = q != null ? q.intact() : leaves[i].isConstant() || !leaves[i].operand().buffer().freed();
      if (!there || leaves[i].version() != (versions == null ? 0 : versions[i])) {
        return false;
      }
    }
    return true;
  }

  private void check() {
    for (int i = 0; i < leaves.length; i++) {
      int was = versions == null ? 0 : versions[i];
      if (leaves[i].version() != was) {
        throw new InPlaceException(
            "pointwise: an array shared with the program was changed before a value that depends on it was computed"
                + " (version " + was + ", now " + leaves[i].version() + "); call synchronize() before writing");
      }
    }
  }

  /** Computes the outputs, of which the last {@code sums} are added up over the rows. */
  private void compute(Stored[] targets, int sums) {
    Operand[] in = new Operand[leaves.length];
    DType[] types = new DType[leaves.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = leaves[i].operand();
      types[i] = leaves[i].dtype();
    }
    Backend b = Backends.of(targets[0].device());
    Operand[] out = new Operand[targets.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = targets[j].target(b, leaves);
    }
    Program program = Program.of(f, types);
    if (rows == null) {
      b.pointwise(program, in, out);
    } else {
      Operand[] spread = spread(out, targets, sums);
      if (sums == 0) {
        b.rows(program, rows.axes(), in, spread);
      } else {
        b.rows(program, rows.axes(), in, spread, sums);
      }
    }
    for (int j = 0; j < out.length; j++) {
      targets[j].computed(out[j]);
    }
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).incrementAndGet();
    }
  }

  private Operand[] spread(Operand[] out, Stored[] targets, int sums) {
    Operand[] r = new Operand[out.length];
    for (int j = 0; j < r.length; j++) {
      r[j] = j >= r.length - sums ? out[j].with(rows.down(out[j].layout())) : targets[j].shape().equals(rows.space()) ? out[j] : out[j].with(rows.spread(out[j].layout()));
    }
    return r;
  }
}
