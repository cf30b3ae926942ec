package org.cotangent;

import java.util.Optional;
import org.cotangent.lower.Scope;
import org.cotangent.primitive.Value;
import org.cotangent.transform.GradSlot;
import org.cotangent.transform.Values;

/** The tensor that a leaf's gradient is; it stays the same while gradients accumulate. */
record TensorGrad(Tensor tensor) implements GradSlot.Holder {
  /** A gradient that outlives scopes opened after {@code home}. */
  static TensorGrad of(Value v, Optional<Scope> home) {
    Tensor t = new Tensor(v, home);
    t.escaped(Values.settle(v, home));
    return new TensorGrad(t);
  }

  /** The tensor, to which the current scope may refer from now on. */
  Tensor shown() {
    tensor.value();
    return tensor;
  }

  @Override
  public void accumulate(Value g) {
    tensor.accumulate(g);
  }

  @Override
  public void removed() {
    tensor.forget();
  }
}
