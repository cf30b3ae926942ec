package org.cotangent;

import java.util.function.UnaryOperator;
import org.cotangent.errors.InPlaceException;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Wrapped;

/**
 * In-place operations of {@link Tensor}: their names end in {@code _}, and they return the tensor. They change every view of it
 * and what it is a view of, and never a value that a graph saved.
 *
 * <p>All throw {@link InPlaceException} for a leaf that requires grad outside {@code noGrad}, for expanded and windowed views, and
 * for a result of another shape or a higher type category; nothing has changed then.
 */
public sealed interface TensorInPlace permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** x becomes f(x). */
  default Tensor apply_(String name, UnaryOperator<Tensor> f) {
    return self().rebind(name, f);
  }

  /** x becomes x + y. */
  default Tensor add_(Tensor y) {
    return apply_("add_", x -> x.add(y));
  }

  /** x becomes x + c. */
  default Tensor add_(double c) {
    return apply_("add_", x -> x.add(c));
  }

  /** x becomes x - y. */
  default Tensor sub_(Tensor y) {
    return apply_("sub_", x -> x.sub(y));
  }

  /** x becomes x - c. */
  default Tensor sub_(double c) {
    return apply_("sub_", x -> x.sub(c));
  }

  /** x becomes x * y. */
  default Tensor mul_(Tensor y) {
    return apply_("mul_", x -> x.mul(y));
  }

  /** x becomes x * c. */
  default Tensor mul_(double c) {
    return apply_("mul_", x -> x.mul(c));
  }

  /** x becomes x / y. */
  default Tensor div_(Tensor y) {
    return apply_("div_", x -> x.div(y));
  }

  /** x becomes x / c. */
  default Tensor div_(double c) {
    return apply_("div_", x -> x.div(c));
  }

  /** x becomes x limited to [low, high]. */
  default Tensor clamp_(double low, double high) {
    return apply_("clamp_", x -> x.clamp(low, high));
  }

  /** Every element becomes 0. */
  default Tensor zero_() {
    return fill_("zero_", 0);
  }

  /** Every element becomes {@code v}. */
  default Tensor fill_(double v) {
    return fill_("fill_", v);
  }

  private Tensor fill_(String name, double v) {
    return apply_(name, x -> x.value() instanceof Wrapped ? x.fill(v) : Eager.constant(x.shape(), x.dtype(), x.device(), v));
  }

  /** Becomes {@code y}, which is broadcast and converted to this type. */
  default Tensor copy_(Tensor y) {
    OpName op = OpName.of("copy_");
    return apply_("copy_", x -> {
      if (!Shape.broadcast("copy_", x.shape(), y.shape()).equals(x.shape())) {
        throw new InPlaceException("copy_: " + y.shape() + " does not broadcast to " + x.shape());
      }
      return new Tensor(Eager.expand(op, y.to(x.dtype()).value(), x.shape()));
    });
  }
}
