package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cotangent.Autograd;
import org.cotangent.CustomFunction;
import org.cotangent.GradCheck;
import org.cotangent.Tensor;
import org.cotangent.errors.CotangentException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class CustomFunctionTest {
  /** x³ whose forward reads numbers, and which saves an intermediate result besides its input. */
  private static class Cube extends CustomFunction {
    Cube() {
      super("cube");
    }

    @Override
    protected Tensor forward(Context c, Tensor x) {
      double[] v = x.toDoubleArray();
      for (int i = 0; i < v.length; i++) {
        v[i] = v[i] * v[i] * v[i];
      }
      c.save(x, x.mul(x));
      return Tensor.of(v, x.shape().dims());
    }

    @Override
    protected Tensor vjp(Context c, Tensor ct) {
      return ct.mul(c.saved(0).square()).mul(3);
    }
  }

  private static final class FastCube extends Cube {
    private int batches;
    private int pushes;

    @Override
    protected boolean hasJvp() {
      return true;
    }

    @Override
    protected Tensor[] jvp(Context c, Tensor[] tangents) {
      pushes++;
      return new Tensor[] {tangents[0].mul(c.saved(0).square()).mul(3)};
    }

    @Override
    protected boolean hasBatch() {
      return true;
    }

    @Override
    protected Tensor[] batch(Context c, int n, Tensor[] xs, boolean[] mapped) {
      batches++;
      c.save(xs[0], xs[0].mul(xs[0]));
      return new Tensor[] {xs[0].pow(3)};
    }
  }

  private static Tensor numbers() {
    return Tensor.of(0.5, -2.0, 1.5);
  }

  @Test
  void itsRulesAreUsedAndPrinted() {
    Tensor x = numbers().requiresGrad_();
    Tensor y = new Cube().apply(x);
    assertThat(y.gradFn()).contains("cubeBackward0");
    y.sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0.75, 12, 6.75);
  }

  @Test
  void forwardModeTransposesThePullbackAndHigherOrdersFollow() {
    Cube f = new Cube();
    assertThat(Autograd.jacfwd(f::apply).apply(numbers()).allClose(Autograd.jacrev(f::apply).apply(numbers()))).isTrue();
    assertThat(Autograd.hessian(v -> f.apply(v).sum()).apply(numbers()).diagonal().toDoubleArray()).containsExactly(3, -12, 9);
    GradCheck.gradcheck((Tensor v) -> f.apply(v), numbers());
  }

  @Test
  void withoutABatchingRuleVmapIsALoop() {
    Cube f = new Cube();
    Tensor rows = Tensor.stack(numbers(), numbers().mul(2));
    Tensor g = Autograd.vmap(Autograd.grad(v -> f.apply(v).sum())).apply(rows);
    assertThat(g.allClose(rows.square().mul(3))).isTrue();
  }

  @Test
  void itsOwnJvpAndBatchingRuleAreUsed() {
    FastCube f = new FastCube();
    Tensor rows = Tensor.stack(numbers(), numbers().mul(2));
    assertThat(Autograd.vmap(Autograd.grad(v -> f.apply(v).sum())).apply(rows).allClose(rows.square().mul(3))).isTrue();
    assertThat(f.batches).isEqualTo(1);
    assertThat(Autograd.jvp(f::apply, numbers(), numbers()).tangent().toDoubleArray()).containsExactly(0.375, -24, 10.125);
    assertThat(f.pushes).isPositive();
  }

  @Test
  void wrongRulesAreRefusedByName() {
    CustomFunction none = new CustomFunction("none") {
      @Override
      protected Tensor forward(Context c, Tensor x) {
        return x.mul(2);
      }
    };
    Tensor x = numbers().requiresGrad_();
    Tensor y = none.apply(x).sum();
    assertThatThrownBy(y::backward).isInstanceOf(CotangentException.class).hasMessageContaining("none: has no vjp");
    CustomFunction shape = new CustomFunction("shape") {
      @Override
      protected Tensor forward(Context c, Tensor x) {
        return x.mul(2);
      }

      @Override
      protected Tensor vjp(Context c, Tensor ct) {
        return ct.sum();
      }
    };
    Tensor z = shape.apply(x).sum();
    assertThatThrownBy(z::backward).isInstanceOf(CotangentException.class).hasMessage("shape: vjp gave [] for input 0 of [3]");
    assertThat(x.hasGrad()).isFalse();
  }
}
