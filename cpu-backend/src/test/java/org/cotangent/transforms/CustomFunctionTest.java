package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.in;
import static org.cotangent.Autograd.vmap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.CustomFunction;
import org.cotangent.GradCheck;
import org.cotangent.Randomness;
import org.cotangent.Tensor;
import org.cotangent.determinism.Fork;
import org.cotangent.errors.CotangentException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;
import org.cotangent.errors.TransformException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

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

  /** A program in a process of its own, where no other test has been warned. */
  static final class Warned {
    private Warned() {}

    public static void main(String[] arguments) {
      Tensor rows = Tensor.stack(numbers(), numbers().mul(2));
      for (int i = 0; i < 3; i++) {
        System.out.println(vmap(Autograd.grad(v -> new Cube().apply(v).sum())).apply(rows).allClose(rows.square().mul(3)));
      }
      System.out.println(vmap(vmap(v -> new Cube().apply(v))).apply(rows.unsqueeze(2)).squeeze(2).allClose(rows.pow(3)));
    }
  }

  @Test
  void aMissingBatchingRuleIsLoggedOnceForAllObjectsOfAClass(@TempDir Path folder) throws IOException, InterruptedException {
    Fork run = Fork.run(folder, Warned.class, List.of());
    assertThat(run.out()).containsExactly("true", "true", "true", "true");
    assertThat(run.err().stream().filter(l -> l.endsWith("cube: no batching rule, so vmap runs its examples one by one; override batch")))
        .hasSize(1);
  }

  // ---- several tensors, as they are often written

  /** (x y, x + y). */
  private static final class Both extends CustomFunction {
    Both() {
      super("both");
    }

    @Override
    protected Tensor[] forward(Context c, Tensor[] v) {
      c.save(v);
      return new Tensor[] {v[0].mul(v[1]), v[0].add(v[1])};
    }

    @Override
    protected Tensor[] vjp(Context c, Tensor[] ct) {
      return new Tensor[] {ct[0].mul(c.saved(1)).add(ct[1]), ct[0].mul(c.saved(0)).add(ct[1])};
    }
  }

  @Test
  void anOutputThatIsNotUsedHasACotangentOfZeros() {
    Both f = new Both();
    assertThat(Autograd.grad((p, q) -> f.apply(p, q)[1].sum()).apply(numbers(), numbers()).toDoubleArray()).containsExactly(1, 1, 1);
    Tensor rows = Tensor.stack(numbers(), numbers().mul(2));
    Tensor one = vmap((p, q) -> f.apply(p, q)[0], in(0, Autograd.NONE)).apply(rows, numbers());
    assertThat(one.allClose(rows.mul(numbers()))).isTrue();
    GradCheck.gradgradcheck((Tensor[] v) -> f.apply(v), new Tensor[] {numbers(), numbers().add(1)});
  }

  @Test
  void aForwardThatGivesItsInputBackHasItsOwnDerivative() {
    CustomFunction reversal = new CustomFunction("reversal") {
      @Override
      protected Tensor forward(Context c, Tensor x) {
        return x;
      }

      @Override
      protected Tensor vjp(Context c, Tensor ct) {
        return ct.neg();
      }
    };
    Tensor x = numbers().requiresGrad_();
    Tensor y = reversal.apply(x);
    assertThat(y.gradFn()).contains("reversalBackward0");
    y.mul(3).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(-3, -3, -3);
  }

  // ---- refusals

  private static CustomFunction times(Tensor captured) {
    return new CustomFunction("times") {
      @Override
      protected Tensor forward(Context c, Tensor x) {
        return x.mul(captured);
      }

      @Override
      protected Tensor vjp(Context c, Tensor ct) {
        return ct.mul(captured);
      }
    };
  }

  @Test
  void aCapturedTensorWhoseDerivativeWouldBeLostIsRefused() {
    Tensor leaf = numbers().requiresGrad_();
    assertThatThrownBy(() -> times(leaf).apply(numbers())).isInstanceOf(TransformException.class)
        .hasMessage("times: forward reads a tensor that requires grad and is not an argument, so its derivative would be lost; "
            + "pass it to apply, or detach() it before");
    assertThatThrownBy(() -> Autograd.grad(v -> times(v).apply(numbers()).sum()).apply(numbers()))
        .isInstanceOf(TransformException.class).hasMessageContaining("belongs to a running grad and is not an argument");
    assertThatThrownBy(() -> vmap(v -> times(v).apply(leaf)).apply(numbers().unsqueeze(0)))
        .isInstanceOf(TransformException.class).hasMessageContaining("belongs to a running vmap and is not an argument");
    assertThat(times(leaf.detach()).apply(leaf).requiresGrad()).isTrue();
    assertThat(times(leaf).apply(leaf).requiresGrad()).as("an argument too").isTrue();
  }

  private abstract static class Wrong extends CustomFunction {
    Wrong() {
      super("wrong");
    }

    @Override
    protected Tensor forward(Context c, Tensor x) {
      return x.mul(2);
    }

    @Override
    protected Tensor vjp(Context c, Tensor ct) {
      return null;
    }

    @Override
    protected boolean hasJvp() {
      return true;
    }

    @Override
    protected boolean hasBatch() {
      return true;
    }
  }

  @Test
  void resultsThatDoNotFitAreRefusedByTheRuleThatGaveThem() {
    CustomFunction f = new Wrong() {
      @Override
      protected Tensor[] jvp(Context c, Tensor[] t) {
        return new Tensor[] {t[0].sum()};
      }

      @Override
      protected Tensor[] batch(Context c, int n, Tensor[] xs, boolean[] mapped) {
        return new Tensor[] {xs[0].sum(0)};
      }
    };
    assertThatThrownBy(() -> Autograd.grad(v -> f.apply(v).sum()).apply(numbers())).isInstanceOf(GradientException.class)
        .hasMessage("wrong: vjp gave null for number 0; give zeros where there is no slope");
    assertThatThrownBy(() -> Autograd.jvp(f::apply, numbers(), numbers())).isInstanceOf(GradientException.class)
        .hasMessage("wrong: jvp gave [] for output 0 of [3]");
    assertThatThrownBy(() -> vmap(v -> f.apply(v)).apply(Tensor.stack(numbers(), numbers()))).isInstanceOf(ShapeException.class)
        .hasMessage("wrong: batch gave [3] for 2 examples; axis 0 must count them");
    CustomFunction none = new CustomFunction("none") {
      @Override
      protected Tensor forward(Context c, Tensor x) {
        return null;
      }
    };
    assertThatThrownBy(() -> none.apply(numbers())).isInstanceOf(GradientException.class).hasMessage("none: forward gave null for number 0");
  }

  @Test
  void drawsOfAForwardWithoutABatchingRuleFollowTheRandomnessOfVmap() {
    CustomFunction noise = new CustomFunction("noise") {
      @Override
      protected Tensor forward(Context c, Tensor x) {
        return x.add(Tensor.rand(3));
      }
    };
    Tensor rows = Tensor.zeros(4, 3);
    assertThatThrownBy(() -> vmap(v -> noise.apply(v)).apply(rows)).isInstanceOf(TransformException.class)
        .hasMessageContaining("noise: a draw inside vmap").hasMessageContaining("randomness(SAME)");
    Tensor same = vmap(v -> noise.apply(v), in(0).randomness(Randomness.SAME)).apply(rows);
    assertThat(same.toFloatArray()).isEqualTo(same.get(0).expand(4, 3).toFloatArray());
    float[] different = vmap(v -> noise.apply(v), in(0).randomness(Randomness.DIFFERENT)).apply(rows).toFloatArray();
    assertThat(different).doesNotHaveDuplicates();
  }
}
