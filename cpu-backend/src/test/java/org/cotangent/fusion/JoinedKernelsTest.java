package org.cotangent.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.Tensor;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Backends;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;
import org.junit.jupiter.api.Test;

/** A joint that was kept is found again only for the same kernels. */
class JoinedKernelsTest {
  private static final Expr X0 = Expr.arg(0);
  private static final Expr X1 = Expr.arg(1);
  private static final Expr PRODUCT = Expr.call(Fn.MUL, X0, X1);
  private static final Expr SINE = Expr.call(Fn.SIN, X0);

  private static Value stored(double v) {
    Tensor t = Tensor.of(v, v).synchronize();
    return Stored.of(new Spec(t.shape(), t.dtype()), t.storage());
  }

  private static Value first(List<Expr> f, Value... in) {
    return Gate.apply(OpName.of("joined"), new Pointwise(f), in)[0];
  }

  private static double number(Value v) {
    double[] a = new double[2];
    Backends.of(Device.CPU).download(((Stored) v).operand(), a);
    return a[0];
  }

  /** Both sums are of x0 * x1 and sin(x0) over four leaves; the kernel with a leaf more is the first operand once, the second once. */
  @Test
  void kernelsThatReadTheirLeavesInAnotherDivisionAreOthers() {
    Value left = first(List.of(PRODUCT, Expr.call(Fn.MUL, X0, Expr.arg(2))), stored(2), stored(3), stored(5));
    Value sum = first(Pointwise.ADD.f(), left, first(List.of(SINE), stored(7)));
    assertThat(number(sum)).isEqualTo(6 + Math.sin(7));
    Value right = first(List.of(SINE, PRODUCT), stored(0.5), stored(11));
    Value other = first(Pointwise.ADD.f(), first(List.of(PRODUCT), stored(2), stored(3)), right);
    assertThat(number(other)).isEqualTo(6 + Math.sin(0.5));
  }
}
