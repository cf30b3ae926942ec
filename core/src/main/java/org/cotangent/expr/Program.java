package org.cotangent.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cotangent.DType;

/**
 * Expressions as a typed list of steps, each used part once: what a backend runs block by block or turns into kernel text.
 *
 * <p>float16 and bfloat16 are computed in float32. A step of these types is either an ARG, which loads one, or a CAST from float32,
 * which rounds; the only step that reads one is a CAST to float32. An expression rounds where it says so by a CAST, and its result.
 *
 * @param steps in an order in which operands precede their users
 * @param outputs for each output the step that computes it
 * @param args types of the inputs
 * @param types types of the outputs
 */
public record Program(List<Step> steps, int[] outputs, List<DType> args, List<DType> types) {
  private static final int CACHED = 2048;
  private static final Map<Key, Program> CACHE = new ConcurrentHashMap<>();

  /**
   * One operation.
   *
   * @param fn the function; ARG loads input {@code index}, CONST is {@code value}
   * @param type of the result
   * @param from common type of the operands (of the two branches for WHERE, whose condition is bool)
   * @param a step of the first operand, or -1
   * @param b step of the second operand, or -1
   * @param c step of the third operand, or -1
   * @param value of a constant, or the number of an input
   */
  public record Step(Fn fn, DType type, DType from, int a, int b, int c, double value) {
    /** Number of the input that ARG loads. */
    public int index() {
      return (int) value;
    }
  }

  /** Expressions are interned and types are few, so that identity is equality. */
  private record Key(List<Expr> outs, DType[] args) {
    @Override
    public boolean equals(Object o) {
      boolean all = o instanceof Key k && outs.size() == k.outs.size() && Arrays.equals(args, k.args);
      for (int j = 0; all && j < outs.size(); j++) {
        all = outs.get(j) == ((Key) o).outs.get(j);
      }
      return all;
    }

    @Override
    public int hashCode() {
      int h = args.length;
      for (int j = 0; j < outs.size(); j++) {
        h = h * 31 + outs.get(j).hashCode();
      }
      return h;
    }
  }

  /** The program of these expressions for inputs of these types. */
  public static Program of(List<Expr> outs, List<DType> args) {
    return of(outs, args.toArray(DType[]::new));
  }

  /** The program of these expressions for inputs of these types. */
  public static Program of(List<Expr> outs, DType... args) {
    if (outs.size() != 1) {
      return cached(outs, args);
    }
    Expr e = outs.get(0);
    Program p = e.program;
    if (p == null || !same(p.args, args)) {
      p = cached(outs, args);
      e.program = p;
    }
    return p;
  }

  /** Equality without a list or an iterator: this is asked twice an operation. */
  private static boolean same(List<DType> a, DType[] b) {
    int n = a.size();
    if (b.length != n) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      if (a.get(i) != b[i]) {
        return false;
      }
    }
    return true;
  }

  private static Program cached(List<Expr> outs, DType[] args) {
    Key key = new Key(outs, args);
    Program p = CACHE.get(key);
    if (p == null) {
      p = new Compiler(List.of(args)).compile(outs);
      if (CACHE.size() >= CACHED) {
        CACHE.clear();
      }
      CACHE.put(new Key(outs, args.clone()), p);
    }
    return p;
  }

  /** The type of each expression for inputs of these types; float32 for one without a typed part. */
  public static List<DType> types(List<Expr> outs, List<DType> args) {
    return of(outs, args).types;
  }

  /** As {@link #types(List, List)}. */
  public static List<DType> types(List<Expr> outs, DType... args) {
    return of(outs, args).types;
  }

  private static final class Compiler {
    private record Typed(Expr e, DType t) {}

    private final List<DType> args;
    private final IdentityHashMap<Expr, DType> types = new IdentityHashMap<>();
    private final Map<Typed, Integer> at = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();

    Compiler(List<DType> args) {
      this.args = args;
    }

    Program compile(List<Expr> outs) {
      DType[] t = new DType[outs.size()];
      int[] o = new int[t.length];
      for (int j = 0; j < t.length; j++) {
        DType type = type(outs.get(j));
        t[j] = type == null ? DType.FLOAT32 : type;
        o[j] = step(outs.get(j), t[j]);
      }
      return new Program(List.copyOf(steps), o, List.copyOf(args), List.of(t));
    }

    /** The type of a part; null if it is made of untyped constants alone. */
    DType type(Expr e) {
      switch (e.fn()) {
        case ARG:
          return args.get(e.index());
        case CONST:
          return null;
        case CAST:
          return e.castType();
        case SLOPE_OF:
          return type(e.in(0));
        default:
      }
      if (e.fn().comparison()) {
        return DType.BOOL;
      }
      DType known = types.get(e);
      if (known == null) {
        for (int i = e.fn() == Fn.WHERE ? 1 : 0; i < e.arity(); i++) {
          DType t = type(e.in(i));
          known = known == null ? t : t == null ? known : DType.promote(known, t);
        }
        if (known != null && e.fn().floatOnly()) {
          known = known.orFloat();
        }
        types.put(e, known);
      }
      return known;
    }

    /** The step that gives {@code e} as a value of type {@code want}. */
    private int step(Expr e, DType want) {
      if (e.fn() == Fn.SLOPE_OF) {
        return step(e.in(0), want);
      }
      Integer done = at.get(new Typed(e, want));
      if (done != null) {
        return done;
      }
      int s = want.half() ? rounded(e, want) : computed(e, want);
      at.put(new Typed(e, want), s);
      return s;
    }

    /** The step of a half type: what is stored, or is rounded from float32. */
    private int rounded(Expr e, DType want) {
      if (e.fn() == Fn.ARG && type(e) == want) {
        return operation(e, want);
      }
      if (e.fn() == Fn.CAST && e.castType() == want) {
        Expr x = e.in(0);
        return leaf(x) && type(x) == want ? step(x, want) : cast(step(x, DType.FLOAT32), DType.FLOAT32, want);
      }
      return cast(step(e, DType.FLOAT32), DType.FLOAT32, want);
    }

    /** Whether a value of a half type needs no rounding. */
    private static boolean leaf(Expr e) {
      return e.fn() == Fn.ARG || e.fn() == Fn.CAST;
    }

    private int computed(Expr e, DType want) {
      DType own = type(e);
      if (own != null && own.half()) {
        if (want != DType.FLOAT32) {
          return cast(step(e, DType.FLOAT32), DType.FLOAT32, want);
        }
        return leaf(e) ? cast(step(e, own), own, want) : operation(e, want);
      }
      int s;
      if (own == null && !want.floating() && e.fn().floatOnly()) {
        own = want.orFloat(); // a function of constants alone, met among integers
        s = operation(e, own);
      } else if (e.fn() == Fn.CONST) {
        s = push(new Step(Fn.CONST, want, want, -1, -1, -1, want.round(e.value())));
      } else if (e.fn() == Fn.CAST) {
        s = castTo(e, own);
      } else if (own == null || own == want) {
        s = operation(e, want);
      } else {
        s = step(e, own);
      }
      return own != null && own != want ? cast(s, own, want) : s;
    }

    private int cast(int step, DType from, DType to) {
      return push(new Step(Fn.CAST, to, from, step, -1, -1, 0));
    }

    private int castTo(Expr e, DType own) {
      Integer done = at.get(new Typed(e, own));
      if (done != null) {
        return done;
      }
      DType inner = type(e.in(0));
      int s;
      if (inner == null || inner.computed() == own) {
        s = step(e.in(0), own);
      } else {
        s = cast(step(e.in(0), inner.computed()), inner.computed(), own);
      }
      at.put(new Typed(e, own), s);
      return s;
    }

    private int operation(Expr e, DType want) {
      if (e.fn() == Fn.ARG) {
        return push(new Step(Fn.ARG, want, want, -1, -1, -1, e.index()));
      }
      DType from = e.fn().comparison() ? operandType(e).computed() : want;
      int[] x = {-1, -1, -1};
      for (int i = 0; i < e.arity(); i++) {
        x[i] = step(e.in(i), e.fn() == Fn.WHERE && i == 0 ? DType.BOOL : from);
      }
      double known = known(e.fn(), want, x);
      return push(known == known ? new Step(Fn.CONST, want, want, -1, -1, -1, known) : new Step(e.fn(), want, from, x[0], x[1], x[2], 0));
    }

    /** What plain arithmetic on constants gives, so that it is not done for every element; NaN where it is to be done. */
    private double known(Fn fn, DType type, int[] x) {
      boolean plain = fn == Fn.ADD || fn == Fn.SUB || fn == Fn.MUL || fn == Fn.DIV;
      if (!plain || !type.floating() || steps.get(x[0]).fn() != Fn.CONST || steps.get(x[1]).fn() != Fn.CONST) {
        return Double.NaN;
      }
      double a = steps.get(x[0]).value();
      double b = steps.get(x[1]).value();
      return type.round(switch (fn) {
        case ADD -> a + b;
        case SUB -> a - b;
        case MUL -> a * b;
        default -> a / b;
      });
    }

    private DType operandType(Expr e) {
      DType a = type(e.in(0));
      DType b = type(e.in(1));
      return a == null ? b == null ? DType.FLOAT64 : b : b == null ? a : DType.promote(a, b);
    }

    private int push(Step s) {
      steps.add(s);
      return steps.size() - 1;
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Program p && steps.equals(p.steps) && Arrays.equals(outputs, p.outputs) && args.equals(p.args);
  }

  @Override
  public int hashCode() {
    return steps.hashCode() * 31 + Arrays.hashCode(outputs);
  }
}
