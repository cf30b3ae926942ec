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

/**
 * A kernel that has not run: expressions over leaves that are in storage, and the values that wait for it. With {@code rows} it walks
 * rows, its leaves have the shape of the space, and an output has either that shape or one element for each row.
 */
final class Pending {
  final List<Expr> f;
  final Stored[] leaves;
  /** Null for a pointwise kernel. */
  final RowSpace rows;
  private final int[] versions;
  /** How often the transcendental work of this was done inside another kernel. */
  private final AtomicInteger repeats = new AtomicInteger();
  /** The counters of the pending values whose work is part of this. */
  private final List<AtomicInteger> parts;
  private Stored[] outs;

  Pending(List<Expr> f, Stored[] leaves, RowSpace rows, List<AtomicInteger> parts) {
    this.f = f;
    this.parts = parts;
    this.leaves = leaves;
    this.rows = rows;
    this.versions = new int[leaves.length];
    for (int i = 0; i < leaves.length; i++) {
      versions[i] = leaves[i].version();
    }
  }

  void outs(Stored... values) {
    outs = values;
  }

  /** How many kernels that ran did this one's work too. */
  int repeated() {
    return repeats.get();
  }

  /** {@code known} and the counters of the transcendental work in this. */
  List<AtomicInteger> work(List<AtomicInteger> known) {
    var all = new ArrayList<>(known);
    for (AtomicInteger c : parts) {
      if (!all.contains(c)) {
        all.add(c);
      }
    }
    if (!all.contains(repeats)) {
      all.add(repeats);
    }
    return all;
  }

  /** Computes all outputs in one kernel. */
  void force() {
    run();
  }

  /** What kernels must share to be one. */
  Object space() {
    return rows == null ? outs[0].shape() : rows;
  }

  /** Computes pending values of one space and device, each kernel's siblings with it, in one kernel. */
  static void force(List<Stored> values) {
    var done = new ArrayList<Pending>();
    for (Stored v : values) {
      Pending p = v.pending();
      if (p != null && !done.contains(p)) {
        done.add(p);
      }
    }
    if (done.size() == 1) {
      done.get(0).run();
      return;
    }
    var exprs = new ArrayList<Expr>();
    var outs = new ArrayList<Stored>();
    var leaves = new IdentityHashMap<Stored, Integer>();
    var order = new ArrayList<Stored>();
    var work = new ArrayList<AtomicInteger>();
    for (Pending p : done) {
      p.check();
      work.addAll(p.parts);
      var rename = new java.util.HashMap<Expr, Expr>();
      for (int i = 0; i < p.leaves.length; i++) {
        Integer at = leaves.putIfAbsent(p.leaves[i], order.size());
        if (at == null) {
          at = order.size();
          order.add(p.leaves[i]);
        }
        rename.put(Expr.arg(i), Expr.arg(at));
      }
      for (int j = 0; j < p.f.size(); j++) {
        exprs.add(p.f.get(j).replace(rename));
        outs.add(p.outs[j]);
      }
    }
    if (!outs.isEmpty()) {
      new Pending(exprs, order.toArray(Stored[]::new), done.get(0).rows, work).compute(outs.toArray(Stored[]::new));
    }
  }

  private synchronized void run() {
    if (outs[0].ready()) {
      return;
    }
    check();
    compute(outs);
  }

  private void check() {
    for (int i = 0; i < leaves.length; i++) {
      if (leaves[i].version() != versions[i]) {
        throw new InPlaceException(
            "pointwise: an array shared with the program was changed before a value that depends on it was computed"
                + " (version " + versions[i] + ", now " + leaves[i].version() + "); call synchronize() before writing");
      }
    }
  }

  private void compute(Stored[] targets) {
    Operand[] in = new Operand[leaves.length];
    DType[] types = new DType[leaves.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = leaves[i].operand();
      types[i] = leaves[i].dtype();
    }
    Backend b = Backends.of(targets[0].device());
    Operand[] out = new Operand[targets.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = targets[j].target(b);
    }
    Program program = Program.of(f, types);
    if (rows == null) {
      b.pointwise(program, in, out);
    } else {
      b.rows(program, rows.axes(), in, spread(out, targets));
    }
    for (int j = 0; j < out.length; j++) {
      targets[j].computed(out[j]);
    }
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).incrementAndGet();
    }
  }

  private Operand[] spread(Operand[] out, Stored[] targets) {
    Operand[] r = new Operand[out.length];
    for (int j = 0; j < r.length; j++) {
      r[j] = targets[j].shape().equals(rows.space()) ? out[j] : out[j].with(rows.spread(out[j].layout()));
    }
    return r;
  }
}
