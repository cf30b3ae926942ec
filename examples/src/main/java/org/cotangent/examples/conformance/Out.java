package org.cotangent.examples.conformance;

import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.InPlaceException;

/**
 * PyTorch's {@code out=}: here an in-place write, {@code apply_}, which refuses expanded tensors and results of a higher category.
 *
 * <p>Pointwise functions convert to the type of {@code out} and may write to an operand; all others need their own type and tensors that
 * are no operands.
 */
final class Out {
  private Out() {}

  static Tensor[] write(Call c, Tensor[] results, boolean pointwise) {
    Tensor[] to = c.isTensors(-1, "out") ? c.tensors(-1, "out") : new Tensor[] {c.tensor(-1, "out")};
    if (to.length != results.length) {
      throw new MismatchException(to.length + " tensors out for " + results.length + " results");
    }
    for (int i = 0; i < to.length && !pointwise; i++) {
      if (to[i].dtype() != results[i].dtype()) {
        throw new DTypeException("out: expected a tensor of " + results[i].dtype() + ", not " + to[i].dtype());
      }
      for (int k = 0; k < c.count(); k++) {
        if (c.isTensor(k, "") && c.tensor(k, "") == to[i]) {
          throw new InPlaceException("out: is also argument " + k + ", which is read while it is written; copy() one of them");
        }
      }
    }
    Tensor[] written = new Tensor[to.length];
    for (int i = 0; i < to.length; i++) {
      Tensor result = results[i];
      written[i] = to[i].apply_("out", x -> result);
    }
    return written;
  }
}
