package org.cotangent;

import java.util.Arrays;
import java.util.List;
import org.cotangent.errors.GradientException;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Transforms;

/**
 * The value of a function and its pullback, which may be used many times.
 *
 * @param <A> type of the argument
 * @param <B> type of the result
 */
public final class Vjp<A, B> {
  private final String op;
  private final Transforms.Pullback pullback;
  private final Tree<A> in;
  private final Tree<B> out;

  /** {@code out} may be the first of the pullback's outputs; the rest is not differentiated. */
  Vjp(String op, Transforms.Pullback pullback, Tree<A> in, Tree<B> out) {
    this.op = op;
    this.pullback = pullback;
    this.in = in;
    this.out = out;
  }

  /** f(x). */
  public B value() {
    return out.with(values());
  }

  /**
   * The vector-Jacobian product of cotangents of the value's structure and shapes; of the argument's structure. Integer tensors in the
   * argument have zeros.
   *
   * @throws GradientException if a shape differs
   */
  public A apply(B cotangents) {
    List<Tensor> ct = out.match(op, "outputs", "cotangents", Tree.of(op, cotangents));
    return in.with(pull(Eager.values(ct.toArray(Tensor[]::new))));
  }

  private Value[] values() {
    return Arrays.copyOf(pullback.values(), out.leaves().size());
  }

  Value[] pull(Value... ct) {
    Value[] y = values();
    Value[] c = new Value[pullback.values().length];
    for (int j = 0; j < y.length; j++) {
      if (!ct[j].shape().equals(y[j].shape())) {
        throw new GradientException(op + ": cotangent " + j + " is " + ct[j].shape() + ", the output is " + y[j].shape());
      }
      c[j] = new Tensor(ct[j]).to(y[j].dtype()).value();
    }
    Value[] g = pullback.apply(c);
    for (int i = 0; i < g.length; i++) {
      g[i] = g[i] == null ? Tensor.zerosLike(in.leaves().get(i)).value() : g[i];
    }
    return g;
  }

  Tree<A> in() {
    return in;
  }

  Tree<B> out() {
    return out;
  }
}
