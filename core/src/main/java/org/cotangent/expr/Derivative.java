package org.cotangent.expr;

import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

import java.util.Optional;
import org.cotangent.errors.GradientException;

/**
 * Symbolic partial derivatives of expressions.
 *
 * <p>A derivative that is zero by structure is absent rather than the number 0: only then may a cotangent be dropped, since
 * {@code NaN * 0} is not 0.
 */
public final class Derivative {
  private static final Object NONE = new Object();
  private static final Expr TWO = constant(2);
  private static final Expr HALF = constant(0.5);

  private Derivative() {}

  /** The derivative of {@code e} with respect to input {@code arg}, or empty if it does not depend on it. */
  public static Optional<Expr> of(Expr e, int arg) {
    return Optional.ofNullable(d(e, arg));
  }

  private static Expr d(Expr e, int arg) {
    Object[] cache = e.partials;
    if (cache == null || cache.length <= arg) {
      cache = cache == null ? new Object[arg + 1] : java.util.Arrays.copyOf(cache, arg + 1);
      e.partials = cache;
    }
    Object known = cache[arg];
    if (known == null) {
      Expr r = derive(e, arg);
      known = r == null ? NONE : r;
      cache[arg] = known;
    }
    return known == NONE ? null : (Expr) known;
  }

  private static Expr derive(Expr e, int arg) {
    return switch (e.fn()) {
      case ARG -> e.index() == arg ? Expr.ONE : null;
      case OUT -> throw new IllegalStateException("derivative of an output placeholder");
      case CAST -> e.castType().floating() ? d(e.in(0), arg) : null;
      case WHERE -> whereOrNull(e.in(0), d(e.in(1), arg), d(e.in(2), arg));
      case ADD -> add(d(e.in(0), arg), d(e.in(1), arg));
      case SUB -> add(d(e.in(0), arg), neg(d(e.in(1), arg)));
      case MAX, MIN -> extremum(e, arg);
      case SLOPE_OF -> d(e.in(1), arg);
      default -> chain(e, arg);
    };
  }

  /** Sum over the operands of partial times inner derivative. */
  private static Expr chain(Expr e, int arg) {
    if (e.fn().flat()) {
      return null;
    }
    Expr sum = null;
    for (int i = 0; i < e.arity(); i++) {
      Expr inner = d(e.in(i), arg);
      if (inner != null) {
        Expr p = partial(e, i);
        sum = p == null ? sum : add(sum, mul(p, inner));
      }
    }
    return sum;
  }

  /** At a tie each operand gets half, as PyTorch's maximum and minimum; where one is NaN, each gets all. */
  private static Expr extremum(Expr e, int arg) {
    Expr x = e.in(0);
    Expr y = e.in(1);
    Expr dx = d(x, arg);
    Expr dy = d(y, arg);
    if (dx == null && dy == null) {
      return null;
    }
    Expr larger = e.fn() == Fn.MAX ? x : y;
    Expr smaller = e.fn() == Fn.MAX ? y : x;
    return add(share(x, y, smaller, larger, dx), share(x, y, larger, smaller, dy));
  }

  /** The part of a derivative that comes from one operand: half at a tie, none where {@code a} &gt; {@code b}. */
  private static Expr share(Expr x, Expr y, Expr a, Expr b, Expr d) {
    return d == null ? null : where(call(Fn.EQ, x, y), mul(HALF, d), where(call(Fn.GT, a, b), Expr.ZERO, d));
  }

  private static Expr whereOrNull(Expr c, Expr a, Expr b) {
    return a == null && b == null ? null : where(c, a == null ? Expr.ZERO : a, b == null ? Expr.ZERO : b);
  }

  /** d e / d operand i, in terms of the operands and of e itself. Formulas: Abramowitz and Stegun, chapters 3, 4, 6 and 7. */
  private static Expr partial(Expr e, int i) {
    Expr x = e.in(0);
    return switch (e.fn()) {
      case MUL -> e.in(1 - i);
      case DIV -> i == 0 ? div(Expr.ONE, e.in(1)) : neg(div(e, e.in(1)));
      case FMOD -> i == 0 ? Expr.ONE : neg(call(Fn.TRUNC, div(x, e.in(1))));
      case REMAINDER -> i == 0 ? Expr.ONE : neg(Quotient.floor(x, e.in(1)));
      case POW -> i == 0 ? powBase(x, e.in(1)) : powExponent(e, x, e.in(1));
      case ATAN2 -> atan2(e, i);
      case COPYSIGN -> i == 0 ? copysign(e, x) : null;
      case NEG -> constant(-1);
      case ABS -> call(Fn.SIGN, x);
      case RELU -> where(call(Fn.GE, Expr.ZERO, e), Expr.ZERO, Expr.ONE);
      case SQRT -> div(HALF, e);
      case RSQRT -> mul(constant(-0.5), mul(e, mul(e, e)));
      case EXP -> e;
      case EXPM1 -> call(Fn.ADD, e, Expr.ONE);
      case LOG -> div(Expr.ONE, x);
      case LOG1P -> div(Expr.ONE, call(Fn.ADD, x, Expr.ONE));
      case LOG2 -> div(constant(1 / Math.log(2)), x);
      case LOG10 -> div(constant(1 / Math.log(10)), x);
      case SIN -> call(Fn.COS, x);
      case COS -> neg(call(Fn.SIN, x));
      case TAN -> call(Fn.ADD, Expr.ONE, mul(e, e));
      case ASIN -> call(Fn.RSQRT, oneMinusSquare(x));
      case ACOS -> neg(call(Fn.RSQRT, oneMinusSquare(x)));
      case ATAN -> div(Expr.ONE, call(Fn.ADD, mul(x, x), Expr.ONE));
      case SINH -> call(Fn.COSH, x);
      case COSH -> call(Fn.SINH, x);
      case TANH -> oneMinusSquare(e);
      case ASINH -> call(Fn.RSQRT, call(Fn.ADD, mul(x, x), Expr.ONE));
      case ACOSH -> call(Fn.RSQRT, call(Fn.SUB, mul(x, x), Expr.ONE));
      case ATANH -> div(Expr.ONE, oneMinusSquare(x));
      case ERF -> mul(constant(2 / Math.sqrt(Math.PI)), call(Fn.EXP, neg(mul(x, x))));
      case ERFC -> mul(constant(-2 / Math.sqrt(Math.PI)), call(Fn.EXP, neg(mul(x, x))));
      case ERFINV -> mul(constant(Math.sqrt(Math.PI) / 2), call(Fn.EXP, mul(e, e)));
      case SIGMOID -> mul(e, call(Fn.SUB, Expr.ONE, e));
      case SOFTPLUS -> call(Fn.SIGMOID, x);
      case LGAMMA -> call(Fn.DIGAMMA, x);
      case DIGAMMA -> call(Fn.POLYGAMMA, Expr.ONE, x);
      case POLYGAMMA -> i == 0 ? null : call(Fn.POLYGAMMA, add(x, Expr.ONE), e.in(1));
      case I0E -> call(Fn.SUB, call(Fn.I1E, x), mul(call(Fn.SIGN, x), e));
      case I1E -> where(call(Fn.GT, call(Fn.ABS, x), constant(1e-30)),
          call(Fn.SUB, call(Fn.I0E, x), mul(e, call(Fn.ADD, call(Fn.SIGN, x), div(Expr.ONE, x)))), HALF);
      case ERFCX -> call(Fn.SUB, mul(mul(TWO, x), e), constant(2 / Math.sqrt(Math.PI)));
      case NDTRI -> mul(constant(Math.sqrt(2 * Math.PI)), call(Fn.EXP, mul(HALF, mul(e, e))));
      case ZETA -> zeta(x, e.in(1), i);
      case XLOGY -> xlogy(x, e.in(1), i, Fn.XLOGY, Expr.ZERO);
      case XLOG1PY -> xlogy(x, e.in(1), i, Fn.XLOG1PY, constant(-1));
      default -> throw new IllegalStateException("no partial derivative for " + e.fn());
    };
  }

  /** y x^(y-1); 0 where y is 0, so that 0^0 has slope 0. */
  private static Expr powBase(Expr x, Expr y) {
    if (y.fn() == Fn.CONST) {
      double p = y.value();
      return p == 0 ? null : p == 1 ? Expr.ONE : mul(y, p == 2 ? x : call(Fn.POW, x, constant(p - 1)));
    }
    return where(call(Fn.EQ, y, Expr.ZERO), Expr.ZERO, mul(y, call(Fn.POW, x, call(Fn.SUB, y, Expr.ONE))));
  }

  /** x^y log x; 0 where x is 0 and y is not negative. */
  private static Expr powExponent(Expr e, Expr x, Expr y) {
    Expr corner = call(Fn.AND, call(Fn.EQ, x, Expr.ZERO), call(Fn.GE, y, Expr.ZERO));
    return where(corner, Expr.ZERO, mul(e, call(Fn.LOG, x)));
  }

  /**
   * log y and x / y, where {@code log} has its pole at {@code pole}; the former is 0 where x is 0 and y is not above the pole. It is
   * written as 1 log y, so that {@link #flow} can make it ct log y, which is 0 where ct is.
   */
  private static Expr xlogy(Expr x, Expr y, int i, Fn log, Expr pole) {
    if (i == 1) {
      return div(x, pole == Expr.ZERO ? y : call(Fn.SUB, y, pole));
    }
    Expr corner = call(Fn.AND, call(Fn.EQ, x, Expr.ZERO), call(Fn.GE, pole, y));
    return where(corner, Expr.ZERO, call(log, Expr.ONE, y));
  }

  /** Whether both have the same sign, 0 where x is 0, NaN where x is not finite, since e / x is. */
  private static Expr copysign(Expr e, Expr x) {
    return call(Fn.ADD, call(Fn.MUL, call(Fn.SIGN, x), call(Fn.SIGN, e)), call(Fn.TRUNC, call(Fn.SUB, x, x)));
  }

  /** -s zeta(s + 1, q) by q. */
  private static Expr zeta(Expr s, Expr q, int i) {
    if (i == 0) {
      throw new GradientException("zeta: there is no derivative with respect to the exponent; detach it");
    }
    return neg(mul(s, call(Fn.ZETA, call(Fn.ADD, s, Expr.ONE), q)));
  }

  private static Expr atan2(Expr e, int i) {
    Expr y = e.in(0);
    Expr x = e.in(1);
    Expr r2 = call(Fn.ADD, mul(x, x), mul(y, y));
    return i == 0 ? div(x, r2) : neg(div(y, r2));
  }

  private static Expr oneMinusSquare(Expr x) {
    return call(Fn.SUB, Expr.ONE, mul(x, x));
  }

  /** a + b, an absent operand being zero. */
  public static Expr add(Expr a, Expr b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.fn() == Fn.CONST && b.fn() == Fn.CONST ? constant(a.value() + b.value()) : call(Fn.ADD, a, b);
  }

  /** a * b with factors of exactly 1 and -1 removed. */
  public static Expr mul(Expr a, Expr b) {
    if (a == Expr.ONE) {
      return b;
    }
    if (b == Expr.ONE) {
      return a;
    }
    if (a.fn() == Fn.CONST && b.fn() == Fn.CONST) {
      return constant(a.value() * b.value());
    }
    if (a.fn() == Fn.CONST && a.value() == -1) {
      return neg(b);
    }
    if (b.fn() == Fn.CONST && b.value() == -1) {
      return neg(a);
    }
    return call(Fn.MUL, a, b);
  }

  /**
   * A cotangent or tangent times a derivative. Where a condition chooses a derivative of 0, the flow is not multiplied but left out, so that
   * one of NaN or infinity stays away from what {@code where} did not choose.
   */
  public static Expr flow(Expr flow, Expr d) {
    if ((d.fn() == Fn.XLOGY || d.fn() == Fn.XLOG1PY) && d.in(0) == Expr.ONE) {
      return call(d.fn(), flow, d.in(1));
    }
    if (d.fn() != Fn.WHERE || d.in(1) != Expr.ZERO && d.in(2) != Expr.ZERO) {
      return mul(flow, d);
    }
    return where(d.in(0), d.in(1) == Expr.ZERO ? Expr.ZERO : flow(flow, d.in(1)), d.in(2) == Expr.ZERO ? Expr.ZERO : flow(flow, d.in(2)));
  }

  private static Expr div(Expr a, Expr b) {
    return b == Expr.ONE ? a : call(Fn.DIV, a, b);
  }

  private static Expr neg(Expr a) {
    if (a == null) {
      return null;
    }
    return a.fn() == Fn.CONST ? constant(-a.value()) : a.fn() == Fn.NEG ? a.in(0) : call(Fn.NEG, a);
  }
}
