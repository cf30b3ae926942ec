package org.cotangent;

import org.cotangent.transform.Batched;
import org.cotangent.transform.Dual;
import org.cotangent.transform.Reverse;
import org.cotangent.transform.Traced;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Gate;

/** The text of a tensor. */
final class Printing {
  private Printing() {}

  static String text(Tensor t) {
    return text(t.value());
  }

  private static String text(Value v) {
    return switch (v) {
      case Batched b -> "batched(" + b.by().size() + " of " + b.spec() + ", " + text(b.value()) + ")";
      case Dual d -> "dual(" + text(d.primal()) + ", tangent=" + text(d.tangent()) + ")";
      case Traced t when t.by() != Reverse.TAPE -> "traced(" + text(t.primal()) + ")";
      case Traced t -> plain(t.primal(), t.node().leaf() ? "requires_grad=True" : "grad_fn=<" + t.node().gradName() + ">");
      default -> plain(v, "");
    };
  }

  private static String plain(Value v, String grad) {
    if (v instanceof Batched || v instanceof Dual || v instanceof Traced) {
      return text(v);
    }
    int[] dims = v.shape().dims();
    Object a = Gate.noGrad(() -> new Tensor(v).toArray());
    boolean floating = v.dtype().floating();
    var values = new TensorFormat.Values() {
      @Override
      public boolean floating() {
        return floating;
      }

      @Override
      public boolean bool() {
        return v.dtype() == DType.BOOL;
      }

      @Override
      public double real(long i) {
        return Factory.real(a, (int) i, v.dtype());
      }

      @Override
      public long integer(long i) {
        return Factory.integer(a, (int) i, v.dtype());
      }
    };
    String device = v.device().equals(Device.CPU) ? "" : v.device().toString();
    return TensorFormat.format(dims, values, TensorFormat.suffixes(dims, v.dtype().toString(), device, grad));
  }
}
