package org.cotangent.lower;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Program;
import org.cotangent.expr.Scalar;
import org.cotangent.primitive.Pointwise;

/**
 * Pending evaluation of pointwise kernels: a result waits, and is substituted into the pointwise kernels that consume it, each
 * computing it anew from the leaves; anything else forces it. Constants become part of the expression.
 *
 * <p>A value with transcendental functions is repeated once at most. {@code -Dcotangent.fuse=false} computes every kernel at once;
 * results are the same bits.
 */
public final class Fuser {
  private static final boolean ON = Boolean.parseBoolean(System.getProperty("cotangent.fuse", "true"));
  private static final int MAX_LEAVES = 12;
  private static final int MAX_DEPTH = 24;
  private static final int MAX_PARTS = 64;

  private Fuser() {}

  /** The outputs of a pointwise kernel, with these specs, on inputs of one shape. */
  public static Stored[] pointwise(Pointwise p, Stored[] in, Spec[] specs, Device device) {
    Stored[] folded = constants(p, in, specs, device);
    if (folded != null) {
      return folded;
    }
    var k = new Kernel(true);
    List<Expr> f = k.substitute(p.f(), in);
    if (!k.fits(f)) {
      k = new Kernel(false);
      f = k.substitute(p.f(), in);
    }
    Pending pending = new Pending(f, k.leaves());
    Stored[] out = new Stored[specs.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = Stored.pending(specs[j], device, pending, j);
    }
    pending.outs(out);
    if (!ON || k.exported()) {
      pending.force();
    }
    return out;
  }

  /** Computes values now, those of one shape and device in one kernel. */
  public static void force(List<Stored> values) {
    Map<Object, List<Stored>> groups = new java.util.LinkedHashMap<>();
    for (Stored v : values) {
      if (!v.ready()) {
        groups.computeIfAbsent(List.of(v.shape(), v.device()), g -> new ArrayList<>()).add(v);
      }
    }
    groups.values().forEach(Pending::force);
  }

  /** Constants if every input is one and the arithmetic is plain; else null. */
  private static Stored[] constants(Pointwise p, Stored[] in, Spec[] specs, Device device) {
    for (Stored s : in) {
      if (!s.isConstant() || s.dtype() == DType.INT64) {
        return null; // int64 constants are leaves: an expression's constants are doubles
      }
    }
    List<Expr> f = new Kernel(true).substitute(p.f(), in);
    Program program = Program.of(f, List.of());
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

  /** A kernel under construction: which leaves it reads. */
  private static final class Kernel {
    private final boolean fuse;
    private final IdentityHashMap<Stored, Expr> at = new IdentityHashMap<>();
    private final List<Stored> leaves = new ArrayList<>();

    Kernel(boolean fuse) {
      this.fuse = fuse && ON;
    }

    List<Expr> substitute(List<Expr> f, Stored[] in) {
      Map<Expr, Expr> by = new HashMap<>();
      for (int i = 0; i < in.length; i++) {
        by.put(Expr.arg(i), expression(in[i]));
      }
      List<Expr> r = new ArrayList<>(f.size());
      for (Expr e : f) {
        r.add(e.replace(by));
      }
      return r;
    }

    private Expr expression(Stored s) {
      if (s.isConstant() && s.dtype() != DType.INT64) {
        return Expr.cast(s.dtype(), Expr.constant(s.number()));
      }
      Pending p = s.pending();
      if (p == null) {
        return leaf(s);
      }
      Expr e = p.f.get(s.output());
      if (!fuse || e.expensive() && p.usedAgain()) {
        s.operand();
        return leaf(s);
      }
      Map<Expr, Expr> by = new HashMap<>();
      for (int i = 0; i < p.leaves.length; i++) {
        by.put(Expr.arg(i), leaf(p.leaves[i]));
      }
      Expr r = e.replace(by);
      return s.dtype().half() ? Expr.cast(s.dtype(), r) : r; // rounded here, as if it had been stored
    }

    private Expr leaf(Stored s) {
      return at.computeIfAbsent(s, t -> {
        leaves.add(t);
        return Expr.arg(leaves.size() - 1);
      });
    }

    boolean fits(List<Expr> f) {
      int depth = 0;
      for (Expr e : f) {
        depth = Math.max(depth, e.depth());
      }
      return leaves.size() <= MAX_LEAVES && depth <= MAX_DEPTH && Expr.parts(f).size() <= MAX_PARTS;
    }

    Stored[] leaves() {
      return leaves.toArray(Stored[]::new);
    }

    boolean exported() {
      for (Stored s : leaves) {
        if (!s.isConstant() && s.operand().buffer().exported()) {
          return true;
        }
      }
      return false;
    }
  }
}
