package org.cotangent;

import java.util.Optional;
import org.cotangent.lower.Scope;
import org.cotangent.primitive.Value;
import org.cotangent.transform.GradSlot;

/** The tensor that a leaf's gradient is; it stays the same while gradients accumulate. */
record TensorGrad(Tensor tensor) implements GradSlot.Holder {
  static TensorGrad of(Value v, Optional<Scope> home) {
    return new TensorGrad(new Tensor(v, home));
  }

  @Override
  public void accumulate(Value g) {
    tensor.accumulate(g);
  }
}
