package org.cotangent.inplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.expr.Expr.arg;
import static org.cotangent.expr.Expr.call;

import java.util.List;
import org.cotangent.Assignment;
import org.cotangent.Autograd;
import org.cotangent.Tensor;
import org.cotangent.Tensors;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link Tensors#assign}: new numbers for several tensors by one kernel. */
@ExtendWith(LeakCheck.class)
class AssignTest {
  private static final boolean[] BOTH = {true, true};
  private static final boolean[] NONE = {false, false};

  private static Tensor rising(int... shape) {
    return Tensor.arange(Tensor.zeros(shape).size()).to(org.cotangent.DType.FLOAT32).reshape(shape).copy().synchronize();
  }

  /** x = x + y, then y = y * 2 in either order: what is written over is not read after. */
  @Test
  void whatIsWrittenOverWasRead() {
    for (int n : new int[] {3, 700, 70_000}) {
      for (boolean[] own : List.of(BOTH, NONE)) {
        Tensor x = rising(n);
        Tensor y = rising(n);
        Tensor before = x.copy();
        Expr sum = call(Fn.ADD, arg(0), arg(1));
        Expr twice = call(Fn.MUL, arg(0), Expr.constant(2));
        Tensors.assign(List.of(new Assignment(List.of(sum, twice), List.of(x, y), List.of(x, y), own)));
        assertThat(x.allClose(before.mul(2))).isTrue();
        assertThat(y.allClose(before.mul(2))).isTrue();
        Tensors.assign(List.of(new Assignment(List.of(twice, sum), List.of(x, y), List.of(x, y), own)));
        assertThat(x.allClose(before.mul(4))).isTrue();
        assertThat(y.allClose(before.mul(4))).isTrue();
        Tensors.assign(List.of(new Assignment(List.of(twice, arg(0)), List.of(x, y), List.of(x, y), own)));
        assertThat(x.allClose(before.mul(8))).isTrue();
        assertThat(y.allClose(before.mul(4))).isTrue();
      }
    }
  }

  @Test
  void aViewSeesTheNewNumbers() {
    Tensor x = rising(2, 3);
    Tensor row = x.get(1);
    Tensor then = x.detach();
    Tensors.assign(List.of(new Assignment(List.of(call(Fn.NEG, arg(0))), List.of(x), List.of(x), NONE)));
    assertThat(row.toFloatArray()).containsExactly(-3, -4, -5);
    assertThat(then.toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void aTensorInAnotherOrderIsRead() {
    Tensor x = rising(2, 3);
    Tensor y = rising(3, 2);
    Tensors.assign(List.of(new Assignment(List.of(arg(0)), List.of(y.t()), List.of(x), NONE)));
    assertThat(x.toFloatArray()).containsExactly(0, 2, 4, 1, 3, 5);
  }

  @Test
  void nothingChangesWhereOneIsRefused() {
    Tensor x = rising(3);
    Tensor leaf = rising(3).requiresGrad_();
    List<Expr> f = List.of(call(Fn.NEG, arg(0)));
    Assignment good = new Assignment(f, List.of(x), List.of(x), BOTH);
    assertThatThrownBy(() -> Tensors.assign(List.of(good, new Assignment(f, List.of(leaf), List.of(leaf), NONE))))
        .isInstanceOf(InPlaceException.class).hasMessageContaining("leaf");
    assertThatThrownBy(() -> Tensors.assign(List.of(good, new Assignment(f, List.of(rising(2)), List.of(rising(3)), NONE))))
        .isInstanceOf(ShapeException.class).hasMessageContaining("[2]");
    assertThatThrownBy(() -> Tensors.assign(List.of(good, new Assignment(f, List.of(Tensor.arange(3)), List.of(rising(3)), NONE))))
        .isInstanceOf(DTypeException.class).hasMessageContaining("int64");
    assertThat(x.toFloatArray()).containsExactly(0, 1, 2);
    Autograd.noGrad(() -> Tensors.assign(List.of(good, new Assignment(f, List.of(leaf), List.of(leaf), NONE))));
    assertThat(leaf.detach().toFloatArray()).containsExactly(-0f, -1, -2);
    assertThat(leaf.requiresGrad()).isTrue();
  }

  @Test
  void aViewIsNoResult() {
    Tensor x = rising(2, 3);
    assertThatThrownBy(() -> Tensors.assign(List.of(new Assignment(List.of(arg(0)), List.of(x.get(0)), List.of(x.get(1)), NONE))))
        .isInstanceOf(InPlaceException.class).hasMessageContaining("view");
  }
}
