package org.cotangent.expr;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cotangent.DType;

/**
 * A scalar expression over the inputs of a pointwise kernel.
 *
 * <p>Expressions are interned: equal ones are the same object, so common parts are shared, substitution and differentiation are
 * memoised by identity, and {@code ==} is equality. The table holds them weakly.
 */
public final class Expr {
  private static final ConcurrentHashMap<Key, Ref> POOL = new ConcurrentHashMap<>();
  private static final ReferenceQueue<Expr> DEAD = new ReferenceQueue<>();

  /** The first arguments, which nearly every expression is made of. */
  private static final Expr[] ARGS = new Expr[16];

  static {
    for (int i = 0; i < ARGS.length; i++) {
      ARGS[i] = intern(Fn.ARG, i);
    }
  }

  /** 0, without a type. */
  public static final Expr ZERO = constant(0);

  /** 1, without a type. */
  public static final Expr ONE = constant(1);

  private final Fn fn;
  private final double value;
  private final Expr[] in;
  private final int hash;
  private final int depth;
  private final boolean expensive;
  private final boolean costly;
  /** Derivatives by argument, filled on demand; racing threads store the same interned values. */
  volatile Object[] partials;
  /** The program that this was last asked for; racing threads may each make one. */
  volatile Program program;

  private record Key(Fn fn, long bits, Expr[] in) {
    @Override
    public boolean equals(Object o) {
      if (!(o instanceof Key k) || k.fn != fn || k.bits != bits || k.in.length != in.length) {
        return false;
      }
      for (int i = 0; i < in.length; i++) {
        if (in[i] != k.in[i]) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      int h = fn.ordinal() * 31 + Long.hashCode(bits);
      for (Expr e : in) {
        h = h * 31 + e.hash;
      }
      return h;
    }
  }

  private static final class Ref extends WeakReference<Expr> {
    final Key key;

    Ref(Expr e, Key key) {
      super(e, DEAD);
      this.key = key;
    }
  }

  private Expr(Key key, double value) {
    this.fn = key.fn();
    this.value = value;
    this.in = key.in();
    this.hash = key.hashCode();
    int d = 0;
    boolean x = fn.expensive();
    boolean y = fn.costly();
    for (Expr e : in) {
      d = Math.max(d, e.depth);
      x |= e.expensive;
      y |= e.costly;
    }
    this.depth = d + 1;
    this.expensive = x;
    this.costly = y;
  }

  private static Expr intern(Fn fn, double value, Expr... in) {
    for (Object dead = DEAD.poll(); dead != null; dead = DEAD.poll()) {
      POOL.remove(((Ref) dead).key, dead);
    }
    Key key = new Key(fn, Double.doubleToRawLongBits(value), in);
    Ref found = POOL.get(key);
    Expr e = found == null ? null : found.get();
    while (e == null) {
      Expr made = new Expr(key, value);
      Ref ref = POOL.compute(key, (k, old) -> old != null && old.get() != null ? old : new Ref(made, key));
      e = ref.get();
    }
    return e;
  }

  /** Input {@code i} of the kernel. */
  public static Expr arg(int i) {
    return i >= 0 && i < ARGS.length ? ARGS[i] : intern(Fn.ARG, i);
  }

  /** Output {@code j} of the kernel being differentiated. */
  public static Expr out(int j) {
    return intern(Fn.OUT, j);
  }

  /** A number without a type of its own: it takes the type of what it is combined with. */
  public static Expr constant(double v) {
    return intern(Fn.CONST, v);
  }

  /** {@code fn} of the operands. */
  public static Expr call(Fn fn, Expr... in) {
    if (in.length != fn.arity()) {
      throw new IllegalArgumentException(fn + " takes " + fn.arity() + " operands, not " + in.length);
    }
    return intern(fn, 0, in.clone());
  }

  /** {@code x} converted to {@code type}. */
  public static Expr cast(DType type, Expr x) {
    return intern(Fn.CAST, type.ordinal(), x);
  }

  /** {@code a} where {@code c} is true, else {@code b}. */
  public static Expr where(Expr c, Expr a, Expr b) {
    return a == b ? a : call(Fn.WHERE, c, a, b);
  }

  /** The value of {@code value} with the derivative of {@code slope}. */
  public static Expr withSlopeOf(Expr slope, Expr value) {
    return value == slope ? value : call(Fn.SLOPE_OF, value, slope);
  }

  /** The function at the root. */
  public Fn fn() {
    return fn;
  }

  /** The number of a constant, else 0. */
  public double value() {
    return value;
  }

  /** The argument or output number, or the ordinal of a cast's type. */
  public int index() {
    return (int) value;
  }

  /** The type a cast converts to. */
  public DType castType() {
    return DTYPES[(int) value];
  }

  private static final DType[] DTYPES = DType.values();

  /** Number of operands. */
  public int arity() {
    return in.length;
  }

  /** Operand {@code i}. */
  public Expr in(int i) {
    return in[i];
  }

  /** Length of the longest path to a leaf. */
  public int depth() {
    return depth;
  }

  /** Whether a transcendental function occurs. */
  public boolean expensive() {
    return expensive;
  }

  /** Whether a function occurs that costs more than storing and loading its result. */
  public boolean costly() {
    return costly;
  }

  /** This expression with leaves (or any parts) replaced. */
  public Expr replace(Map<Expr, Expr> by) {
    return by.isEmpty() ? this : replace(by, new IdentityHashMap<>());
  }

  private Expr replace(Map<Expr, Expr> by, IdentityHashMap<Expr, Expr> memo) {
    Expr r = by.get(this);
    if (r != null) {
      return r;
    }
    if (in.length == 0) {
      return this;
    }
    r = memo.get(this);
    if (r == null) {
      Expr[] a = new Expr[in.length];
      boolean same = true;
      for (int i = 0; i < a.length; i++) {
        a[i] = in[i].replace(by, memo);
        same &= a[i] == in[i];
      }
      r = same ? this : intern(fn, value, a);
      memo.put(this, r);
    }
    return r;
  }

  /** All parts of the expressions, operands before what uses them, each once. */
  public static List<Expr> parts(List<Expr> roots) {
    var order = new ArrayList<Expr>();
    var seen = new IdentityHashMap<Expr, Boolean>();
    for (Expr r : roots) {
      parts(r, order, seen);
    }
    return order;
  }

  private static void parts(Expr e, List<Expr> order, IdentityHashMap<Expr, Boolean> seen) {
    if (seen.put(e, true) != null) {
      return;
    }
    for (Expr x : e.in) {
      parts(x, order, seen);
    }
    order.add(e);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Identity: equal expressions are the same object. */
  @Override
  public boolean equals(Object o) {
    return this == o;
  }

  /** For messages and tests: {@code mul(x0, cos(x1))}. */
  @Override
  public String toString() {
    return switch (fn) {
      case ARG -> "x" + index();
      case OUT -> "y" + index();
      case CONST -> Double.toString(value);
      case CAST -> castType() + "(" + in[0] + ")";
      default -> fn.name().toLowerCase(java.util.Locale.ROOT) + Arrays.toString(in).replace('[', '(').replace(']', ')');
    };
  }
}
