package org.cotangent;

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
  private final Transforms.Pullback pullback;
  private final Tree<A> in;
  private final Tree<B> out;

  Vjp(Transforms.Pullback pullback, Tree<A> in, Tree<B> out) {
    this.pullback = pullback;
    this.in = in;
    this.out = out;
  }

  /** f(x). */
  public B value() {
    return out.with(pullback.values());
  }

  /**
   * The vector-Jacobian product of cotangents of the value's structure and shapes; of the argument's structure. Integer tensors in the
   * argument have zeros.
   *
   * @throws GradientException if a shape differs
   */
  public A apply(B cotangents) {
    return in.with(pull(Tree.of("vjp", cotangents).values()));
  }

  Value[] pull(Value... ct) {
    Value[] y = pullback.values();
    if (ct.length != y.length) {
      throw new GradientException("vjp: " + y.length + " outputs and " + ct.length + " cotangents");
    }
    Value[] c = new Value[ct.length];
    for (int j = 0; j < c.length; j++) {
      if (!ct[j].shape().equals(y[j].shape())) {
        throw new GradientException("vjp: cotangent " + j + " is " + ct[j].shape() + ", the output is " + y[j].shape());
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
