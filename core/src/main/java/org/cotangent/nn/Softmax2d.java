package org.cotangent.nn;

/** exp(x) / sum(exp(x)) over the channels of [n, c, h, w] or [c, h, w]. */
public final class Softmax2d extends Parameterless {
  /** Has no parameters. */
  public Softmax2d() {
    super(x -> x.softmax(-3), "");
  }
}
