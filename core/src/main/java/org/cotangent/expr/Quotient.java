package org.cotangent.expr;

import static org.cotangent.expr.Expr.call;
import static org.cotangent.expr.Expr.constant;
import static org.cotangent.expr.Expr.where;

/** Quotients of floating numbers that are integers. */
public final class Quotient {
  private Quotient() {}

  /** a / b rounded down, from the exact remainder as in Python: a = floor(a, b) b + a % b as nearly as can be. Its derivative is 0. */
  public static Expr floor(Expr a, Expr b) {
    Expr m = call(Fn.FMOD, a, b);
    Expr d = call(Fn.DIV, call(Fn.SUB, a, m), b);
    Expr opposed = call(Fn.XOR, call(Fn.GT, Expr.ZERO, b), call(Fn.GT, Expr.ZERO, m));
    Expr q = where(call(Fn.AND, call(Fn.NE, m, Expr.ZERO), opposed), call(Fn.SUB, d, Expr.ONE), d);
    Expr f = call(Fn.FLOOR, q);
    Expr near = where(call(Fn.GT, call(Fn.SUB, q, f), constant(0.5)), call(Fn.ADD, f, Expr.ONE), f);
    Expr signed = where(call(Fn.EQ, q, Expr.ZERO), call(Fn.COPYSIGN, call(Fn.FLOOR, q), call(Fn.DIV, a, b)), near);
    return call(Fn.FLOOR, where(call(Fn.EQ, b, Expr.ZERO), call(Fn.DIV, a, b), signed));
  }
}
