package org.cotangent.primitive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.expr.Derivative;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;

/**
 * Every pointwise function, of one or several outputs, on inputs of one shape.
 *
 * <p>Value, VJP and JVP come from the expressions; what backward saves is what the derivative reads. A VJP is one kernel with an
 * output for each input that wants one.
 */
public record Pointwise(List<Expr> f) implements Primitive {
  /** x0 + x1. */
  public static final Pointwise ADD = of(Expr.call(Fn.ADD, Expr.arg(0), Expr.arg(1)));

  /** x0 * x1. */
  public static final Pointwise MUL = of(Expr.call(Fn.MUL, Expr.arg(0), Expr.arg(1)));

  /** x0 / x1. */
  public static final Pointwise DIV = of(Expr.call(Fn.DIV, Expr.arg(0), Expr.arg(1)));

  /** With one output. */
  public static Pointwise of(Expr e) {
    return new Pointwise(List.of(e));
  }

  private static List<DType> dtypes(Spec[] in) {
    DType[] t = new DType[in.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = in[i].dtype();
    }
    return List.of(t);
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    Shape shape = in.length == 0 ? Shape.SCALAR : in[0].shape();
    List<DType> t = Program.types(f, dtypes(in));
    Spec[] r = new Spec[f.size()];
    for (int j = 0; j < r.length; j++) {
      r[j] = new Spec(shape, t.get(j));
    }
    return r;
  }

  /** The derivative of output j by input i with this kernel's outputs reused, or null. */
  private Expr d(int j, int i) {
    Expr d = Derivative.of(f.get(j), i).orElse(null);
    if (d == null) {
      return null;
    }
    Map<Expr, Expr> own = new HashMap<>();
    for (int k = 0; k < f.size(); k++) {
      Expr e = f.get(k);
      if (e.arity() > 0 && !e.fn().flat() && e.fn() != Fn.CAST) {
        own.put(e, Expr.out(k));
      }
    }
    return d.replace(own);
  }

  private static Iterable<Expr> leaves(Expr e) {
    return Expr.parts(List.of(e)).stream().filter(x -> x.fn() == Fn.ARG || x.fn() == Fn.OUT).toList();
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    Reads r = Reads.none(in.length, f.size());
    for (int i = 0; i < in.length; i++) {
      for (int j = 0; need[i] && j < f.size(); j++) {
        Expr d = d(j, i);
        if (d != null) {
          for (Expr e : leaves(d)) {
            if (e.fn() == Fn.ARG) {
              r.withIn(e.index());
            } else {
              r.withOut(e.index());
            }
          }
        }
      }
    }
    return r;
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    var k = new Kernel();
    Expr[] c = new Expr[ct.length];
    for (int j = 0; j < ct.length; j++) {
      c[j] = ct[j] == null ? null : k.arg(ct[j]);
    }
    for (int i = 0; i < s.need().length; i++) {
      Expr sum = null;
      for (int j = 0; s.need()[i] && j < ct.length; j++) {
        Expr d = c[j] == null ? null : d(j, i);
        if (d != null) {
          sum = Derivative.add(sum, Derivative.mul(c[j], k.read(d, s)));
        }
      }
      k.out(i, sum, s.inSpec()[i].dtype());
    }
    return k.run(o, s.need().length);
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    var k = new Kernel();
    Saved s = new Saved(null, null, in, out, null);
    Expr[] dx = new Expr[in.length];
    for (int i = 0; i < in.length; i++) {
      dx[i] = t[i] == null ? null : k.arg(t[i]);
    }
    for (int j = 0; j < f.size(); j++) {
      Expr sum = null;
      for (int i = 0; i < in.length; i++) {
        Expr d = dx[i] == null ? null : d(j, i);
        if (d != null) {
          sum = Derivative.add(sum, Derivative.mul(k.read(d, s), dx[i]));
        }
      }
      k.out(j, sum, out[j].dtype());
    }
    return k.run(o, f.size());
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, o.spread(n, v, mapped));
  }

  /** A pointwise kernel under construction. */
  private static final class Kernel {
    private final List<Value> args = new ArrayList<>();
    private final Map<Expr, Expr> names = new HashMap<>();
    private final List<Expr> outs = new ArrayList<>();
    private final List<Integer> which = new ArrayList<>();
    private final TreeMap<Integer, Value> direct = new TreeMap<>();

    Expr arg(Value v) {
      args.add(v);
      return Expr.arg(args.size() - 1);
    }

    /** {@code d} in terms of this kernel's arguments. */
    Expr read(Expr d, Saved s) {
      for (Expr e : leaves(d)) {
        if (!names.containsKey(e)) {
          names.put(e, arg(e.fn() == Fn.ARG ? s.in(e.index()) : s.out(e.index())));
        }
      }
      return d.replace(names);
    }

    /** Adds output {@code e}, converted to {@code type} in the same kernel, as result number i. */
    void out(int i, Expr e, DType type) {
      if (e == null) {
        return;
      }
      DType own = Program.types(List.of(e), args.stream().map(Value::dtype).toList()).get(0);
      if (e.fn() == Fn.ARG && own == type) {
        direct.put(i, args.get(e.index()));
      } else {
        outs.add(own == type && e.fn() != Fn.CONST ? e : Expr.cast(type, e));
        which.add(i);
      }
    }

    Value[] run(Ops o, int n) {
      Value[] r = new Value[n];
      direct.forEach((i, v) -> r[i] = v);
      if (!outs.isEmpty()) {
        var used = new TreeMap<Integer, Expr>();
        for (Expr e : Expr.parts(outs)) {
          if (e.fn() == Fn.ARG) {
            used.put(e.index(), e);
          }
        }
        var rename = new HashMap<Expr, Expr>();
        var in = new ArrayList<Value>();
        used.forEach((i, e) -> {
          rename.put(e, Expr.arg(in.size()));
          in.add(args.get(i));
        });
        Value[] y = o.apply(new Pointwise(outs.stream().map(e -> e.replace(rename)).toList()), in.toArray(Value[]::new));
        for (int k = 0; k < y.length; k++) {
          r[which.get(k)] = y[k];
        }
      }
      return r;
    }
  }
}
