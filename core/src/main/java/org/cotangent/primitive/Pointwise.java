package org.cotangent.primitive;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
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

  private static DType[] dtypes(Spec[] in) {
    DType[] t = new DType[in.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = in[i].dtype();
    }
    return t;
  }

  @Override
  public Spec[] specs(String op, Spec[] in) {
    List<DType> t = Program.types(f, dtypes(in));
    Spec[] r = new Spec[f.size()];
    for (int j = 0; j < r.length; j++) {
      r[j] = in.length == 0 ? new Spec(Shape.SCALAR, t.get(j)) : in[0].as(t.get(j));
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

  static Iterable<Expr> leaves(Expr e) {
    return Expr.parts(List.of(e)).stream().filter(x -> x.fn() == Fn.ARG || x.fn() == Fn.OUT).toList();
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    return READS.of(new Wanted(f, UNTYPED, mask(need), 0), w -> readBy(need));
  }

  private Reads readBy(boolean[] need) {
    Reads r = Reads.none(need.length, f.size());
    for (int i = 0; i < need.length; i++) {
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
    var key = new Wanted(f, dtypes(s.inSpec()), mask(s.need()), mask(ct));
    return PULLBACKS.of(key, w -> pullback(w, s.need().length)).run(o, s, ct);
  }

  /** xBar[i] = sum over j of ct[j] d f[j] / d x[i], for the wanted i and the given j. */
  private Rule pullback(Wanted w, int inputs) {
    List<DType> out = Program.types(f, w.types());
    var k = new RuleBuilder(List.of(w.types()), out, out);
    for (int i = 0; i < inputs; i++) {
      Expr sum = null;
      for (int j = 0; w.needs(i) && j < f.size(); j++) {
        Expr d = w.gives(j) ? d(j, i) : null;
        if (d != null) {
          sum = Derivative.add(sum, Derivative.flow(k.flow(j), k.read(d)));
        }
      }
      k.out(i, sum, w.types()[i]);
    }
    return k.rule(inputs);
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] out) {
    DType[] types = new DType[in.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = in[i].dtype();
    }
    var key = new Wanted(f, types, 0, mask(t));
    return PUSHFORWARDS.of(key, this::pushforward).run(o, new Saved(null, null, in, out, null), t);
  }

  /** dy[j] = sum over i of d f[j] / d x[i] dx[i], for the given i. */
  private Rule pushforward(Wanted w) {
    List<DType> out = Program.types(f, w.types());
    var k = new RuleBuilder(List.of(w.types()), out, List.of(w.types()));
    for (int j = 0; j < f.size(); j++) {
      Expr sum = null;
      for (int i = 0; i < w.types().length; i++) {
        Expr d = w.gives(i) ? d(j, i) : null;
        if (d != null) {
          sum = Derivative.add(sum, Derivative.flow(k.flow(i), k.read(d)));
        }
      }
      k.out(j, sum, out.get(j));
    }
    return k.rule(f.size());
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    return o.apply(this, o.spread(n, v, mapped));
  }

  private static final DType[] UNTYPED = {};

  /** What a derivative is asked for, and so by what it is found again: inputs wanted (pullback), cotangents or tangents given. */
  private record Wanted(List<Expr> f, DType[] types, long need, long given) {
    /** Expressions are interned, so that identity is equality. */
    @Override
    public boolean equals(Object o) {
      return o instanceof Wanted w && need == w.need && given == w.given && Arrays.equals(types, w.types) && same(w.f);
    }

    private boolean same(List<Expr> g) {
      boolean all = f.size() == g.size();
      for (int j = 0; all && j < f.size(); j++) {
        all = f.get(j) == g.get(j);
      }
      return all;
    }

    @Override
    public int hashCode() {
      int h = Long.hashCode(need) * 31 + Long.hashCode(given);
      for (int j = 0; j < f.size(); j++) {
        h = h * 31 + f.get(j).hashCode();
      }
      return h * 31 + (types.length == 0 ? 0 : types[0].ordinal());
    }

    boolean needs(int i) {
      return (need >> i & 1) != 0;
    }

    boolean gives(int i) {
      return (given >> i & 1) != 0;
    }
  }

  /** Deriving costs a microsecond or two, finding it again some ten nanoseconds. */
  private static final class Memo<R> {
    private static final int KEPT = 4096;
    private final ConcurrentHashMap<Wanted, R> known = new ConcurrentHashMap<>();

    R of(Wanted w, Function<Wanted, R> make) {
      if (w.types().length >= Long.SIZE || w.f().size() >= Long.SIZE) {
        throw new IllegalStateException("a pointwise kernel of " + w.types().length + " inputs and " + w.f().size() + " outputs");
      }
      R r = known.get(w);
      if (r == null) {
        r = make.apply(w);
        if (known.size() >= KEPT) {
          known.clear();
        }
        known.put(w, r);
      }
      return r;
    }
  }

  private static final Memo<Reads> READS = new Memo<>();
  private static final Memo<Rule> PULLBACKS = new Memo<>();
  private static final Memo<Rule> PUSHFORWARDS = new Memo<>();

  private static long mask(boolean[] b) {
    long m = 0;
    for (int i = 0; i < b.length; i++) {
      m |= b[i] ? 1L << i : 0;
    }
    return m;
  }

  private static long mask(Value[] v) {
    long m = 0;
    for (int i = 0; i < v.length; i++) {
      m |= v[i] != null ? 1L << i : 0;
    }
    return m;
  }
}
