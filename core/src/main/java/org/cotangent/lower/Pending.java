package org.cotangent.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.errors.InPlaceException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Program;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Operand;

/** A pointwise kernel that has not run: expressions over leaves that are in storage, and the values that wait for it. */
final class Pending {
  final List<Expr> f;
  final Stored[] leaves;
  private final int[] versions;
  private Stored[] outs;
  private int uses;

  Pending(List<Expr> f, Stored[] leaves) {
    this.f = f;
    this.leaves = leaves;
    this.versions = new int[leaves.length];
    for (int i = 0; i < leaves.length; i++) {
      versions[i] = leaves[i].version();
    }
  }

  void outs(Stored[] values) {
    outs = values;
  }

  /** Counts a kernel that repeats this one's work; true from the second on. */
  synchronized boolean usedAgain() {
    return uses++ > 0;
  }

  /** Computes all outputs in one kernel. */
  void force() {
    force(List.of(outs[0]));
  }

  /** Computes pending values of one shape and device, each kernel's siblings with it, in one kernel. */
  static void force(List<Stored> values) {
    var exprs = new ArrayList<Expr>();
    var outs = new ArrayList<Stored>();
    var leaves = new IdentityHashMap<Stored, Integer>();
    var order = new ArrayList<Stored>();
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
    for (Pending p : done) {
      p.check();
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
      new Pending(exprs, order.toArray(Stored[]::new)).compute(outs.toArray(Stored[]::new));
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
    Operand[] out = Arrays.stream(targets).map(t -> t.target(b)).toArray(Operand[]::new);
    b.pointwise(Program.of(f, List.of(types)), in, out);
    for (int j = 0; j < out.length; j++) {
      targets[j].computed(out[j]);
    }
  }
}
