package org.cotangent.gradcheck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.GradCheck.gradcheck;
import static org.cotangent.GradCheck.gradgradcheck;

import java.util.List;
import java.util.Map;
import org.cotangent.CustomFunction;
import org.cotangent.DType;
import org.cotangent.GradCheck.Options;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradCheckException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class GradCheckTest {
  private final Tensor x = Tensor.of(new double[] {0.3, -1.2, 0.7, 1.1, -0.4, 0.9}, 2, 3);
  private final Tensor w = Tensor.of(new double[] {1, -0.5, 0.25, 2, 0.1, -0.3}, 3, 2);

  /** v with a gradient that is wrong by a tenth at each element. */
  private static Tensor wrong(Tensor v) {
    return v.add(v.detach().mul(0.1)).sub(v.mul(0.1).detach()).add(v.mul(0.1)).sub(v.detach().mul(0.1));
  }

  @Test
  void rightDerivativesPass() {
    gradcheck(Tensor::exp, x);
    gradcheck((Tensor[] v) -> v[0].matmul(v[1]).tanh(), new Tensor[] {x, w});
    gradcheck((List<Tensor> v) -> List.of(v.get(0).square().sum(), v.get(1).sin()), List.of(x, w));
    gradcheck((Map<String, Tensor> m) -> m.get("w").softmax(0), Map.of("w", w));
    gradcheck((Tensor v) -> v.permute(1, 0).cumprod(0), x.t().t());
    gradgradcheck((Tensor[] v) -> v[0].matmul(v[1]).tanh(), new Tensor[] {x, w});
    gradgradcheck((Tensor v) -> v.prod(1), x);
  }

  @Test
  void integersAreConstantsAndIntegerResultsAreLeftOut() {
    gradcheck((Tensor[] v) -> new Tensor[] {v[0].gather(1, v[1]), v[0].argmax(1)}, new Tensor[] {x, Tensor.of(new long[] {2, 0}, 2, 1)});
  }

  @Test
  void aResultWithoutDependenceIsAllowed() {
    gradcheck((Tensor v) -> List.of(v.sin(), Tensor.of(1.0)), x);
  }

  @Test
  void aWrongDerivativeIsNamedWithItsPlaceAndMode() {
    assertThatThrownBy(() -> gradcheck((Tensor[] v) -> v[0].sum().mul(v[1].detach().sum()).add(v[1].sum()), new Tensor[] {x, w}))
        .isInstanceOf(GradCheckException.class)
        .hasMessage("gradcheck: output 0 of add / input 1 [0, 0]: analytic 1.00000, numeric 2.40000 (reverse mode)");
    assertThatThrownBy(() -> gradcheck((Tensor v) -> wrong(v), x))
        .isInstanceOf(GradCheckException.class)
        .hasMessage("gradcheck: output 0 of sub [0, 0] / input 0 [0, 0]: analytic 1.10000, numeric 1.00000 (reverse mode)");
  }

  @Test
  void theReportNamesTheFunction() {
    CustomFunction triple = new CustomFunction("triple") {
      @Override
      protected Tensor forward(Context c, Tensor v) {
        return v.mul(3);
      }

      @Override
      protected Tensor vjp(Context c, Tensor ct) {
        return ct.mul(2);
      }
    };
    assertThatThrownBy(() -> gradcheck((Tensor v) -> triple.apply(v), x)).isInstanceOf(GradCheckException.class)
        .hasMessage("gradcheck: output 0 of triple [0, 0] / input 0 [0, 0]: analytic 2.00000, numeric 3.00000 (reverse mode)");
    assertThatThrownBy(() -> gradcheck((Tensor v) -> triple.apply(v).sum(), x, Options.DEFAULT.name("my loss")))
        .hasMessage("gradcheck of my loss: output 0 of sum / input 0 [0, 0]: analytic 2.00000, numeric 3.00000 (reverse mode)");
  }

  @Test
  void eachModeIsReportedByItsName() {
    var wrongPush = new CustomFunction("push") {
      @Override
      protected Tensor forward(Context c, Tensor v) {
        return v.mul(3);
      }

      @Override
      protected Tensor vjp(Context c, Tensor ct) {
        return ct.mul(3);
      }

      @Override
      protected boolean hasJvp() {
        return true;
      }

      @Override
      protected Tensor[] jvp(Context c, Tensor[] t) {
        return new Tensor[] {t[0].mul(4)};
      }
    };
    assertThatThrownBy(() -> gradcheck((Tensor v) -> wrongPush.apply(v), x))
        .hasMessage("gradcheck: output 0 of push [0, 0] / input 0 [0, 0]: analytic 4.00000, numeric 3.00000 (forward mode)");
  }

  @Test
  void aWrongBatchedPullbackIsFound() {
    CustomFunction inner = new CustomFunction("inner") {
      @Override
      protected Tensor forward(Context c, Tensor v) {
        return v.mul(3);
      }

      @Override
      protected boolean hasBatch() {
        return true;
      }

      @Override
      protected Tensor[] batch(Context c, int n, Tensor[] xs, boolean[] mapped) {
        return new Tensor[] {xs[0].mul(5)};
      }
    };
    CustomFunction outer = new CustomFunction("outer") {
      @Override
      protected Tensor forward(Context c, Tensor v) {
        return v.mul(3);
      }

      @Override
      protected Tensor vjp(Context c, Tensor ct) {
        return inner.apply(ct);
      }
    };
    assertThatThrownBy(() -> gradcheck((Tensor v) -> outer.apply(v), x)).isInstanceOf(GradCheckException.class)
        .hasMessage("gradcheck: output 0 of outer [0, 0] / input 0 [0, 0]: batched 5.00000, alone 3.00000 (batched reverse mode)");
  }

  @Test
  void aPullbackThatIsRightButNotDifferentiableIsFound() {
    CustomFunction square = new CustomFunction("square") {
      @Override
      protected Tensor forward(Context c, Tensor v) {
        c.save(v);
        return v.mul(v);
      }

      @Override
      protected Tensor vjp(Context c, Tensor ct) {
        return ct.mul(c.saved(0).detach()).mul(2);
      }
    };
    assertThatThrownBy(() -> gradcheck((Tensor v) -> square.apply(v), x)).isInstanceOf(GradCheckException.class)
        .hasMessageMatching("gradcheck: cotangent of input 0 \\[0, 0\\] along a random direction: analytic -?0.00000, numeric -?[0-9.]+ "
            + "\\(forward over reverse\\)");
  }

  @Test
  void aWrongSecondDerivativeIsFound() {
    gradcheck((Tensor v) -> v.mul(0), x);
    assertThatThrownBy(() -> gradgradcheck((Tensor v) -> v.mul(v.detach()).mul(0.5).add(v.detach().mul(v).mul(0.5)), x))
        .isInstanceOf(GradCheckException.class)
        .hasMessageStartingWith("gradgradcheck: output 0 of add [0, 0] / input 0 [0, 0]: analytic 0.00000, numeric ");
  }

  @Test
  void whatCannotBeCheckedIsRefused() {
    assertThatThrownBy(() -> gradcheck(Tensor::exp, Tensor.of(1f)))
        .isInstanceOf(DTypeException.class).hasMessageContaining("input 0 is float32").hasMessageContaining("to(DType.FLOAT64)");
    assertThatThrownBy(() -> gradcheck((Tensor v) -> v.to(DType.FLOAT32), x)).isInstanceOf(DTypeException.class)
        .hasMessageContaining("output 0 is float32");
    assertThatThrownBy(() -> gradcheck((Tensor v) -> v.gt(0), x)).isInstanceOf(DTypeException.class)
        .hasMessageContaining("no output is a floating tensor");
    assertThatThrownBy(() -> gradcheck((Tensor v) -> v, Tensor.of(1L))).isInstanceOf(DTypeException.class)
        .hasMessageContaining("no input is a floating");
    assertThatThrownBy(() -> gradcheck((Tensor v) -> v.add(Tensor.rand(2, 3).to(DType.FLOAT64)), x))
        .isInstanceOf(GradCheckException.class).hasMessageContaining("not repeatable");
    assertThatThrownBy(() -> Options.DEFAULT.eps(0)).isInstanceOf(ArgumentException.class).hasMessageContaining("positive eps");
  }

  @Test
  void tolerancesDecide() {
    assertThatCode(() -> gradcheck((Tensor v) -> wrong(v), x,
        Options.DEFAULT.rtol(0.2).forwardOverReverse(false))).doesNotThrowAnyException();
    assertThatThrownBy(() -> gradcheck(Tensor::exp, x, Options.DEFAULT.eps(0.5).atol(1e-9).rtol(1e-9)))
        .isInstanceOf(GradCheckException.class);
  }
}
