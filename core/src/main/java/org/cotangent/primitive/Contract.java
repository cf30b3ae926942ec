package org.cotangent.primitive;

import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.errors.ShapeException;

/**
 * Every product: {@code out[...] = sum a[...] * b[...]} with one letter an axis, as in einsum. Each letter stands in at least two
 * of the three, so the form is trilinear and closed under VJP: its cotangents are itself with the letters exchanged.
 */
public record Contract(String a, String b, String out) implements Primitive {
  /** Letters from here on are used for mapped axes. */
  private static final char MAPPED = '\u0100';

  @Override
  public Spec[] specs(String op, Spec[] in) {
    int[] d = new int[out.length()];
    for (int i = 0; i < a.length(); i++) {
      int k = b.indexOf(a.charAt(i));
      if (k >= 0 && in[0].shape().dim(i) != in[1].shape().dim(k)) {
        throw new ShapeException(op + ": contracted or paired axes differ: " + in[0].shape() + " x " + in[1].shape());
      }
    }
    for (int i = 0; i < d.length; i++) {
      int k = a.indexOf(out.charAt(i));
      d[i] = k >= 0 ? in[0].shape().dim(k) : in[1].shape().dim(b.indexOf(out.charAt(i)));
    }
    return new Spec[] {new Spec(Shape.of(d), in[0].dtype())};
  }

  @Override
  public Reads reads(Spec[] in, boolean[] need) {
    Reads r = Reads.none(2, 1);
    if (need[0]) {
      r.withIn(1);
    }
    if (need[1]) {
      r.withIn(0);
    }
    return r;
  }

  @Override
  public Value[] vjp(Ops o, Saved s, Value[] ct) {
    return new Value[] {
      s.need()[0] ? o.one(new Contract(out, b, a), ct[0], s.in(1)) : null,
      s.need()[1] ? o.one(new Contract(a, out, b), s.in(0), ct[0]) : null
    };
  }

  @Override
  public Value[] jvp(Ops o, Value[] in, Value[] t, Value[] y) {
    Value l = t[0] == null ? null : o.one(this, t[0], in[1]);
    Value r = t[1] == null ? null : o.one(this, in[0], t[1]);
    return new Value[] {o.addOrNull(l, r)};
  }

  @Override
  public Value[] batch(Ops o, int n, Value[] v, boolean[] mapped) {
    char k = MAPPED;
    while ((a + b + out).indexOf(k) >= 0) {
      k++;
    }
    return o.apply(new Contract(mapped[0] ? k + a : a, mapped[1] ? k + b : b, k + out), v);
  }
}
